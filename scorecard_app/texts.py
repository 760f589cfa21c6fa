"""The page's own words in both languages. Names of KPIs, units and codes come from the published tables instead."""

from scorecard_app.format import Language

LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Loyalty scorecard", "客户忠诚度记分卡"),
    "language": ("Language", "语言"),
    "unit": ("Unit", "部门"),
    "period_kind": ("By", "周期"),
    "period": ("Period", "期间"),
    "kind_month": ("Month", "月"),
    "kind_quarter": ("Quarter", "季"),
    "kind_year": ("Year", "年"),
    "open_period": ("{period} (open)", "{period}（未结束）"),
    "empty_title": ("Nothing has been published yet", "尚未发布任何数据"),
    "empty_text": (
        "Put your files into {landing} and run the command below. The numbers appear here as soon as they have passed every check.",
        "请将数据文件放入 {landing}，然后运行以下命令。数据通过全部检查后会显示在此处。",
    ),
    "damaged_title": ("The published numbers are not whole", "已发布的数据不完整"),
    "damaged_text": (
        "Nothing is shown rather than something wrong. Publish afresh with the command below; what was delivered is not affected.",
        "为避免显示错误数据，本页暂不展示任何数值。请运行以下命令重新发布；已接收的原始数据不受影响。",
    ),
    "no_periods_title": ("No KPI has a value yet", "尚无任何指标数值"),
    "no_periods_text": (
        "This version was published without orders, survey answers or complaints to count.",
        "当前版本中没有可统计的订单、调研回答或投诉。",
    ),
    "demo": ("Demo company: invented data, nobody's performance", "演示公司：数据均为虚构，不代表任何真实绩效"),
    "renewed": (
        "You are now reading a newer version, as of {as_of}.",
        "数据已更新，当前显示的是截至 {as_of} 的新版本。",
    ),
    "newer": ("A newer version has been published.", "已有更新的版本发布。"),
    "show_newer": ("Show it", "立即查看"),
    "score": ("Score", "得分"),
    "score_scale": ("100 = every target met; at most 120", "100分 = 全部达成目标；最高120分"),
    "no_score": ("No score", "无得分"),
    "no_score_open": ("The period is still open: values are to date and provisional, nothing is scored.", "期间尚未结束：数值为截至目前的暂定值，不计分。"),
    "no_scorecard": ("No target was agreed for this unit and period, so there is nothing to score.", "该部门本期未约定目标，因此不计分。"),
    "scored_weight": ("{share} of the agreed weight could be scored", "已计分权重占约定权重的{share}"),
    "final": ("Complete period", "完整期间"),
    "provisional": ("Provisional: the period is still open", "暂定：期间尚未结束"),
    "how": ("How the score comes about", "得分构成"),
    "how_note": (
        "Score = sum of weight × attainment ÷ scored weight. Attainment is 0 at the threshold, 100 at the target, up to 120 at the stretch goal.",
        "得分 = Σ(权重 × 达成度)÷ 已计分权重。达成度：门槛值为0，目标值为100，挑战值最高为120。",
    ),
    "kpi": ("KPI", "指标"),
    "value": ("Value", "数值"),
    "target": ("Target", "目标"),
    "threshold": ("Threshold", "门槛"),
    "stretch": ("Stretch", "挑战"),
    "attainment": ("Attainment", "达成度"),
    "weight": ("Weight", "权重"),
    "points": ("Points", "得分贡献"),
    "verdict": ("Verdict", "结论"),
    "status": ("Status", "状态"),
    "below": ("Units below", "下级部门"),
    "below_note": (
        "In the order of the organisation, not of the score: units have different tasks, numbers and targets.",
        "按组织架构排列，不作排名：各部门的职责、样本量与目标不同。",
    ),
    "agreed": ("Agreed KPIs", "约定指标"),
    "measured": ("Measured KPIs", "监测指标"),
    "also": ("Also measured here, without an agreed target", "其他监测指标(未约定目标)"),
    "interval": ("95% interval {span}", "95%置信区间 {span}"),
    "no_interval": ("no interval", "无置信区间"),
    "n": ("n = {n}", "样本量 n = {n}"),
    "n_title": ("Sample size n", "样本量 n"),
    "scored_share": ("Weight scored", "已计分权重"),
    "reason": ("Reason", "原因"),
    "hidden": ("Hidden", "不予显示"),
    "hidden_why": (
        "Fewer than {floor} answers or customers: shown, the number could give single persons away.",
        "样本少于{floor}个：为避免识别到个人，不显示数值。",
    ),
    "no_data": ("No data", "无数据"),
    "below_floor": ("Scored from {floor} on; there are {n}.", "计分至少需要{floor}，目前为{n}。"),
    "measured_at": ("Measured for {unit}", "统计范围：{unit}"),
    "basis_outside_campaigns": ("Outside campaigns", "不含活动期"),
    "weak": ("{share} rest on uncertain identity links", "{share}依赖不确定的身份关联"),
    "counts": ("Counts", "统计口径"),
    "good_for": ("Good for", "用途"),
    "limits": ("Limits", "局限"),
    "trend": ("By month", "月度趋势"),
    "legend_value": ("value", "数值"),
    "legend_interval": ("95% interval", "95%置信区间"),
    "legend_target": ("target", "目标"),
    "legend_open": ("provisional", "暂定"),
    "legend_gap": ("gap: too few to show, or no data", "空缺：样本过少或无数据"),
    "no_trend": ("No months to show.", "暂无月度数据。"),
    "month": ("Month", "月份"),
    "as_of": ("As of", "数据截至"),
    "version": ("Version", "版本"),
    "digest": ("Digest", "数字指纹"),
    "received": (
        "Rests on deliveries: {deliveries}; rows received: {rows}, refused: {refused}",
        "数据来源：交付{deliveries}次，接收{rows}行，拒收{refused}行",
    ),
}  # fmt: skip


def text(key: str, language: Language, **values: str) -> str:
    """A text of the page with its `{placeholders}` filled; an unknown key is a KeyError, never a blank."""
    english, chinese = TEXTS[key]
    return (chinese if language == "zh" else english).format(**values)
