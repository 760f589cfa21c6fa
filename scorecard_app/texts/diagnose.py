"""The diagnosis page's words."""

TEXTS: dict[str, tuple[str, str]] = {
    "page_diagnose": ("Diagnose", "原因诊断"),
    "diagnose_findings": ("What the rules found", "规则发现"),
    "diagnose_findings_note": (
        "Six fixed rules, run over the published numbers. A finding is a reason to look, not a verdict.",
        "由六条固定规则基于已发布数据得出。发现只是值得查看的线索，并非结论。",
    ),
    "diagnose_no_findings": ("No rule fired for this unit and period.", "本期该部门未触发任何规则。"),
    "diagnose_course": ("Its course, and what we did meanwhile", "走势与同期业务动作"),
    "diagnose_no_kpi": ("No KPI has a value for this unit.", "该部门没有可显示的指标。"),
    "diagnose_signal": ("{month}: {signal}", "{month}出现{signal}"),
    "diagnose_calm": ("No month stands out from the usual course.", "没有月份超出正常波动。"),
    "diagnose_near": (
        "{month} is a signal ({signal}), and these began within a month of it: {actions}.",
        "{month}出现信号（{signal}），前后一个月内开始的动作：{actions}。",
    ),
    "diagnose_slices": ("Who and where", "哪些客户、哪些环节"),
    "diagnose_slices_note": (
        "The dashed line is all customers together; all charts share one scale. Months with too few customers are left out.",
        "虚线为全部客户；各图使用同一刻度。样本过少的月份不显示。",
    ),
    "diagnose_no_slices": ("This KPI has no parts to show for this unit: too few customers, or a level without slices.", "该部门此指标没有可显示的细分：样本过少，或该层级不作细分。"),
    "diagnose_more": ("{count} smaller parts are in the table below.", "其余{count}个较小的细分见下表。"),
    "diagnose_around": ("Before and after", "动作前后对比"),
    "diagnose_around_note": (
        "The last whole quarter before the quarter in which the action began, and the first whole quarter after it.",
        "取动作开始所在季度之前的最后一个完整季度，与之后的第一个完整季度。",
    ),
    "diagnose_no_around": ("No part has a whole quarter on both sides of this action.", "没有任何细分在该动作前后都有完整季度。"),
    "diagnose_before": ("before: {period}", "之前：{period}"),
    "diagnose_after": ("after: {period}", "之后：{period}"),
    "diagnose_pareto": ("Where most cases fall short", "问题集中在哪里"),
    "diagnose_pareto_note": (
        "Counts of cases that fell short, most first; dark bars together make up the first 80%. Many customers pass a busy touchpoint, so read the rate beside the count.",
        "按未达标数量由多到少排列，深色条合计占前80%。热门触点客流大，请同时看数量与比率。",
    ),
    "diagnose_no_pareto": ("This KPI counts no cases by touchpoint for this unit and period.", "本期该部门此指标没有按触点统计的数量。"),
    "shortfall": ("Cases that fell short", "未达标数量"),
    "diagnose_notes": ("What people told us", "一线声音"),
    "diagnose_notes_note": ("Interviews and front-line feedback of the last twelve months: the why beside the numbers.", "最近十二个月的访谈与一线反馈：补充数字背后的原因。"),
    "diagnose_no_notes": ("No field notes were delivered for this time.", "该时段没有一线记录。"),
    "note_day": ("Day", "日期"),
    "note_theme": ("Theme", "主题"),
    "note_text": ("Note", "记录"),
    "note_who": ("From", "来源"),
}  # fmt: skip
