"""The engines page's words."""

TEXTS: dict[str, tuple[str, str]] = {
    "page_engines": ("Engines of loyalty", "忠诚引擎"),
    "engines_note": ("What goes together need not cause each other.", "同时出现的现象未必互为因果。"),
    "engines_none": (
        "No figures of the engines for this unit and period. Most are counted by quarter, incentives and drivers for the whole company.",
        "本期该部门没有引擎数据。多数按季度统计，激励与驱动因素仅统计全公司。",
    ),
    "engine_perceived_value": ("Do the benefits outweigh the costs, as customers feel them?", "在客户感受中，利益是否大于成本？"),
    "engine_incentives": ("Do rewards build a habit, or only buy activity?", "奖励是在培养习惯，还是仅在购买活跃？"),
    "engine_experience": ("How easy and how good is each stage?", "每个阶段是否轻松、满意？"),
    "engine_feedback": ("What do we make of complaints?", "我们如何对待投诉？"),
    "engine_trust": ("On what does trust rest, and where is it weakest?", "信任建立在什么之上，哪里最弱？"),
    "engine_satisfaction": ("Is satisfaction in its band, and what goes with it?", "满意度是否处于区间内，与什么相关？"),
    "engine_motivation": ("Do customers take part by themselves?", "客户是否自发参与？"),
    "engine_figure": ("Figure", "数据"),
    "engine_all": ("All figures", "全部数据"),
    "engine_part": ("Of", "对象"),
    "engine_reading": ("Reading", "解读"),
}  # fmt: skip
