"""The company page's words."""

TEXTS: dict[str, tuple[str, str]] = {
    "page_company": ("Company", "公司总览"),
    "company_health": ("How the relationship with our customers stands", "客户关系健康度"),
    "company_health_note": (
        "Each KPI answers one question and leaves others open; read them together.",
        "每个指标只回答一个问题，请结合阅读。",
    ),
    "company_none": ("None of the watched KPIs has a value here in this period.", "本期该部门没有可显示的核心指标。"),
    "company_units": ("Departments side by side", "各部门并列"),
    "company_units_note": (
        "In the order of the organisation. The grey range is what chance alone explains for a unit of that size; only what lies outside is worth asking about. This is no ranking.",
        "按组织架构排列。灰色区间为该样本量下纯随机波动的范围，超出区间才值得追问。本图不是排名。",
    ),
    "company_units_plain": (
        "In the order of the organisation, with each unit's 95% interval; the dashed line is all of them together. Intervals that overlap tell no difference. This is no ranking.",
        "按组织架构排列，附各部门95%置信区间；虚线为整体数值。区间重叠即无法区分差异。本图不是排名。",
    ),
    "company_too_few": ("Fewer than two units have a value to show here.", "可显示数值的部门不足两个。"),
    "shrunk": ("Allowing for chance", "剔除随机影响"),
    "no_limits": ("no limits published", "未发布界限"),
    "signal_none": ("usual month-to-month movement", "正常的月度波动"),
    "signal_unknown": ("too few months to tell a signal from noise", "月份不足，无法区分信号与波动"),
}  # fmt: skip
