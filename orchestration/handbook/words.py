"""The handbook's words beside those of the KPIs' twins, in both languages."""

Text = dict[str, str]
LANGUAGES = {"en": "zh", "zh": "en"}
"""Each language with the other one."""


def _both(en: str, zh: str) -> Text:
    return {"en": en, "zh": zh}


WORDS = {
    "lang": _both("en", "zh-CN"),
    "title": _both("KPI handbook", "指标手册"),
    "lead": _both(
        "What each KPI means, how it is counted, how sure one may be of it, and how not to use it.",
        "每个指标的含义、计算方法、可信程度，以及不应如何使用。",
    ),
    "other_language": _both("中文", "English"),
    "contents": _both("Contents", "目录"),
    "watched": _both("KPIs", "指标"),
    "guardrails": _both("Guardrails", "护栏指标"),
    "guardrail_note": _both("shown with all the rest, never scored", "与其他指标一同展示，从不计分"),
    "definition": _both("What it counts", "计算内容"),
    "role": _both("What it is for", "用途"),
    "limitation": _both("Its limits", "局限"),
    "misuse": _both("How not to use it", "不应如何使用"),
    "formula": _both("Formula", "公式"),
    "direction": _both("Good", "方向"),
    "unit": _both("Unit", "单位"),
    "adds": _both("Over months and units", "跨月与跨部门汇总"),
    "interval": _both("95 % interval", "95%区间"),
    "floors": _both("Shown / scored from", "展示／计分下限"),
    "orders": _both("orders", "笔订单"),
    "units": _both("customers or events counted", "个客户或事件"),
    "never_scored": _both("never scored", "从不计分"),
    "matures": _both("Known after", "成熟期"),
    "days": _both("days", "天"),
    "at_once": _both("at once", "即时"),
    "owners": _both("Owners", "责任职能"),
    "slices": _both("Can be cut by", "可细分维度"),
    "sources": _both("Made from", "数据来源"),
    "version": _both("Version of the definition", "定义版本"),
    "since": _both("since {month}; what lies before is not comparable", "自{month}起；此前数据不可比"),
    "shared": _both(
        "Every KPI also needs who is who and who is where: customers, identifiers, org_units, employees. "
        "A cell with too few customers is hidden, and so is what would give it away. "
        "Σx counts what could have happened, Σy what did.",
        "所有指标还依赖身份与组织数据：customers、identifiers、org_units、employees。"
        "样本过少的单元格及会泄露它的单元格均不显示。Σx 为应计数量，Σy 为实际发生数量。",
    ),
}
UNITS = {
    "points": _both("points", "分"),
    "percent": _both("%", "%"),
    "per_mille": _both("per 1,000", "‰"),
    "effort_1_7": _both("effort 1–7", "费力度1–7分"),
    "index_0_100": _both("0–100", "0–100分"),
    "net_minus6_6": _both("−6…6", "−6…6分"),
    "seconds": _both("seconds", "秒"),
    "currency": _both("the company's currency", "公司本位币"),
}
DIRECTIONS = {
    "higher": _both("higher is better", "越高越好"),
    "lower": _both("lower is better", "越低越好"),
    "band": _both("best within a band", "处于区间内最佳"),
}
ADDS = {
    "once": _both("each customer, response or event enters once ever", "每位客户、每份答卷或每个事件只计入一次"),
    "flow": _both("events add up; customers are counted anew in each period", "事件可相加；客户数按期间重新去重"),
    "latest": _both("each customer's latest answer in the period", "取每位客户期内最近一次回答"),
    "anchor": _both("one anchor event per customer and period", "每位客户每期一个锚点事件"),
    "as_of": _both("state at the period's end; never added over months", "期末状态；不跨月相加"),
    "effect": _both("effects of actions add up", "各动作的效果可相加"),
    "index": _both("one index over all actions", "对全部动作计算一个指数"),
}
INTERVALS = {
    "adj_wald": _both("adjusted Wald (Rocks 2016)", "调整Wald法（Rocks 2016）"),
    "wilson": _both("Wilson, with the design effect of clustered answers", "Wilson法，含聚类设计效应"),
    "ratio": _both(
        "linearised ratio with Student's t; at an end of the scale Wilson's bound",
        "线性化比率，t分布；位于量表端点时用Wilson界",
    ),
    "poisson": _both("exact Poisson (Garwood 1936)", "精确泊松（Garwood 1936）"),
    "effect": _both("Welch's t on treated against held out", "实验组对照组Welch t"),
    "none": _both("none: a chart, no test", "无：仅作图示"),
}
FUNCTIONS = {
    "MKT": _both("Marketing", "市场"),
    "SAL": _both("Sales", "销售"),
    "PRD": _both("Product", "产品"),
    "CS": _both("Customer service", "客户服务"),
    "STO": _both("Store operations", "门店运营"),
    "ECM": _both("E-commerce", "电商"),
    "LOY": _both("Loyalty programme", "会员运营"),
    "HR": _both("Human resources", "人力资源"),
}
SLICES = {
    "channel": _both("channel", "渠道"),
    "tenure": _both("tenure", "客户年限"),
    "value_tier": _both("value tier", "价值层级"),
    "loyalty_tier": _both("loyalty tier", "会员等级"),
    "region": _both("region", "地区"),
    "touchpoint": _both("touchpoint", "触点"),
    "journey_stage": _both("journey stage", "旅程阶段"),
    "item": _both("item", "分项"),
    "campaign": _both("inside or outside campaigns", "活动期内外"),
    "complainer": _both("complained in the last year", "近一年投诉过"),
    "purpose": _both("purpose", "联系目的"),
    "acquisition_source": _both("source of the customer", "获客来源"),
}
