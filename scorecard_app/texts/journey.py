"""The journey page's words."""

TEXTS: dict[str, tuple[str, str]] = {
    "page_journey": ("Journey", "客户旅程"),
    "journey_map": ("Each stage of the journey", "旅程各阶段"),
    "journey_map_note": (
        "▲ better and ▼ worse than the unit as a whole, where the 95% interval is clear of the whole's value; ≈ no difference to be told. The darker, the further away.",
        "▲ 优于、▼ 差于该部门整体水平（95%置信区间不含整体值）；≈ 无法区分。颜色越深差距越大。",
    ),
    "journey_none": (
        "No KPI has a value by journey stage here. Stages exist for the company and its departments, by month and quarter; try a quarter.",
        "此处没有按旅程阶段的数值。旅程阶段仅统计公司与部门层级的月度与季度，请尝试选择季度。",
    ),
    "journey_stage": ("Stage", "阶段"),
    "journey_whole": ("whole unit", "整体"),
    "journey_touchpoints": ("Touchpoint by touchpoint", "逐个触点"),
    "journey_no_touchpoints": ("This KPI has no values by touchpoint here.", "该指标此处没有按触点的数值。"),
    "journey_voices": ("What people told us at this stage", "该阶段的一线声音"),
    "journey_compared": ("Against the whole", "与整体相比"),
    "better": ("better", "更好"),
    "worse": ("worse", "更差"),
    "alike": ("no difference to be told", "无法区分"),
    "leaning_unknown": ("no interval", "无置信区间"),
}  # fmt: skip
