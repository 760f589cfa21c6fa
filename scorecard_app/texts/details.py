"""Words of the figures beside a KPI's value, and of the lifetime-value model."""

TEXTS: dict[str, tuple[str, str]] = {
    "detail_unknown": ("unknown: too many still wait", "未知：仍在等待的过多"),
    "detail_course": ("How long it took, in {unit}", "时长（{unit}）"),
    "detail_course_note": (
        "Open cases count as still waiting. A gap: so many wait that the figure lies among them.",
        "未结案按仍在等待计。空缺：等待中的过多，该分位数尚无法确定。",
    ),
    "legend_definition": ("new definition: not comparable with before", "口径变更：与此前不可比"),
    "lifetime_title": ("How far lifetime value can be trusted", "客户生命周期价值的可信度"),
    "lifetime_note": (
        "The model was fitted without the last {days} days and asked what they would bring. Customers are grouped by their repeat purchases before; per customer, expected beside actual purchase days.",
        "模型在不含最近{days}天的数据上拟合，再预测这段时间。客户按此前的复购次数分组，比较人均预期与实际购买天数。",
    ),
    "lifetime_none": ("There is no model in force: {why}.", "当前没有生效的模型：{why}。"),
    "lifetime_expected": ("Expected", "预期"),
    "lifetime_actual": ("Actual", "实际"),
    "lifetime_repeats": ("Repeat purchase days before", "此前复购天数"),
    "lifetime_per_customer": ("Purchase days per customer", "人均购买天数"),
    "lifetime_customers": ("Customers", "客户数"),
    "lifetime_holdout": ("Hold-out, actual of expected", "留出期 实际/预期"),
    "lifetime_since": ("Since the fit, actual of expected", "拟合以来 实际/预期"),
    "lifetime_correlation": ("Correlation of repeats and margin", "复购与毛利的相关系数"),
    "lifetime_correlation_note": ("the model takes it to be near 0", "模型假定接近0"),
    "lifetime_fitted": ("Fitted to the history before", "拟合截至"),
    "lifetime_basis": ("Values rest on", "价值基础"),
    "lifetime_purchases": ("Purchases (BG/NBD): r, α, a, b", "购买频次(BG/NBD)：r, α, a, b"),
    "lifetime_margins": ("Margins (Gamma-Gamma): p, q, γ", "毛利(Gamma-Gamma)：p, q, γ"),
    "lifetime_likelihood": ("Log-likelihood {value}", "对数似然 {value}"),
    "lifetime_parameters": ("Parameters {name}", "参数版本 {name}"),
}  # fmt: skip
