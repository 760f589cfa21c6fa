"""How the numbers of an export came about, in both languages: the version, the scoring rule, each KPI's definition."""

from dataclasses import dataclass

from scorecard_app import format as fmt
from scorecard_app.exports.report import Report
from scorecard_app.published import Row
from scorecard_app.texts import TEXTS

Text = tuple[str, str]  # English, Chinese

RULES: list[tuple[Text, Text]] = [
    (("What this is", "用途"), (
        "Results of units against the targets agreed for them. They are evidence for a review, not its outcome: a person judges, and whoever is judged may see the inputs and object.",
        "各部门对照约定目标的结果。数据是考核的依据而非结论：最终由人作出判断，被考核者可查看依据并提出异议。")),
    (TEXTS["attainment"], (
        "0 at or beyond the threshold on the bad side, rising in a straight line to 100 at the target and to 120 at the stretch goal; 100 at most where no stretch goal was agreed or where the KPI's guardrail caps it. Lower-is-better KPIs likewise, turned round. Within a band: 100 inside it, falling to 0 at threshold and stretch, which then are its outer bounds.",
        "未过门槛值为0，线性升至目标值为100、挑战值为120；未约定挑战值或指标设有上限时最高100。越低越好的指标方向相反。区间型指标：区间内为100，向两侧外界(门槛值与挑战值)线性降至0。")),
    (TEXTS["score"], (
        "Sum of weight × attainment ÷ sum of weights, over the KPIs that could be scored. With less than 70 % of the weight (of 100, where less was agreed), there is no score.",
        "得分 = Σ(权重 × 达成度) ÷ Σ权重，仅计可计分的指标。可计分权重不足70%（约定不足100时按100计）时不给出得分。")),
    (TEXTS["target"], (
        "The latest target agreed before the period ended; what was agreed later changes no past score.",
        "以期间结束前最后一次约定的目标为准；此后的约定不改变过往得分。")),
    (TEXTS["verdict"], (
        "By the whole interval: met = all of it on the good side of the target, missed = all of it on the bad side, otherwise too close to call. Without an interval by the value.",
        "依据整个区间判断：全部优于目标为已达标，全部劣于目标为未达标，否则为尚无定论；无区间时按数值判断。")),
    (TEXTS["status"], (
        "Attainment of 100 or more: on target. Attainment 0 or clearly missed: below threshold. Otherwise between the two. What could not be scored is marked so and says why.",
        "达成度不低于100为达标；达成度为0或明确未达标为未达标；其余为接近目标。未能计分的会注明原因。")),
    (("95% interval", "95%区间"), (
        "The range that chance alone leaves open at the sample's size. Two values whose intervals overlap widely should not be told apart.",
        "在现有样本量下仅由随机性造成的可能范围。区间大幅重叠的两个数值不应视为有差别。")),
    (("n", "样本量"), (
        "Independent observations behind the value: customers, answers or issues. Below the floor for showing, values are withheld to protect single persons; below the floor for scoring they are shown and not scored.",
        "数值背后的独立观测数：客户、回答或问题。低于显示下限时为保护个人不予显示；低于计分下限时显示但不计分。")),
    (("Measured for", "统计范围"), (
        "The unit whose customers were measured. Functions that serve the whole company answer for the company's value.",
        "实际统计其客户的部门。服务全公司的职能以公司整体数值为准。")),
    (("Comparing units", "部门比较"), (
        "Units have different tasks, numbers and targets. The order is the organisation's, not a ranking.",
        "各部门的职责、样本量与目标不同。排列依组织架构，不作排名。")),
]  # fmt: skip
INTERVALS: dict[str, Text] = {
    "wilson": ("Wilson interval for a share, widened where customers count several times", "比例的Wilson区间，同一客户多次计入时相应放宽"),
    "adj_wald": ("adjusted Wald interval for a net score", "净值得分的调整Wald区间"),
    "poisson": ("exact Poisson interval for a count, widened where events cluster", "计数的精确泊松区间，事件聚集时相应放宽"),
    "ratio": ("linearised ratio over customers, t quantile; at an end of the scale Wilson's bound", "按客户线性化的比率区间(t分位数);位于量表端点时用Wilson界"),
    "effect": ("treated against held out, Welch's t", "实验组与对照组之差，Welch t区间"),
    "none": ("none", "无"),
}  # fmt: skip
ADVICE: Text = ("Text that begins with an apostrophe is written so in CSV to keep spreadsheets from running it. Import ids as text: opened directly, Excel drops their leading zeros.", "CSV中以撇号开头的文本是为防止电子表格将其当作公式执行。导入时请将编号列设为文本：直接打开时Excel会去掉前导零。")  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A heading and its entries: what is explained, and the explanation, each in English and Chinese."""

    title: Text
    entries: list[tuple[Text, Text]]


def sections(report: Report) -> list[Section]:
    """About the file, the rules, and every KPI of the export in the order of its id."""
    return [
        Section(("About this file", "关于本文件"), _about(report)),
        Section(("How the score comes about", "得分规则"), RULES),
        *(_kpi(kpi_id, row, report) for kpi_id, row in sorted(report.catalogue.items())),
    ]


def covered(report: Report) -> Text:
    """Whether every month of the period has data, or which have none."""
    if not report.gaps:
        return "every month of the period", "期间内各月均有数据"
    months = ", ".join(report.gaps)
    return f"The period is not wholly covered: no data for {months}", f"期间未完整覆盖：{months}无数据"


def same(value: object) -> Text:
    """What reads alike in both languages."""
    return str(value), str(value)


def _about(report: Report) -> list[tuple[Text, Text]]:
    about, period = report.about, report.period
    code = about.code
    demo = TEXTS["demo"] if about.demo else ("no", "否")
    return [
        (("Company", "公司"), same(about.company)),
        (("Demo", "演示数据"), demo),
        (TEXTS["period"], (
            f"{fmt.period(period.kind, period.start, 'en')}, {fmt.span(fmt.day(period.start, 'en'), fmt.day(period.end, 'en'), 'en')}",
            f"{fmt.period(period.kind, period.start, 'zh')}，{fmt.span(fmt.day(period.start, 'zh'), fmt.day(period.end, 'zh'), 'zh')}")),
        (("Covered", "数据覆盖"), covered(report)),
        (TEXTS["as_of"], (
            f"{fmt.moment(about.as_of, about.timezone, 'en')} ({about.timezone})",
            f"{fmt.moment(about.as_of, about.timezone, 'zh')}({about.timezone})")),
        (("Currency", "币种"), same(about.currency)),
        (TEXTS["version"], same(about.name)),
        (TEXTS["digest"], same(about.digest)),
        (("Code", "程序版本"), same(f"loyalty-scorecards {code.get('package_version') or '–'}, commit {code.get('commit') or '–'}")),
        (("Code, SHA-256", "程序校验值"), same(code.get("sha256") or "–")),
    ]  # fmt: skip


def _kpi(kpi_id: str, row: Row, report: Report) -> Section:
    unit = same(report.about.currency) if row["unit"] == "currency" else _label(row["unit"], report)
    basis = ("of the denominator", "按分母计") if row["floor_basis"] == "x" else ("of n", "按样本量计")
    shown = f"{row['shown_floor']:,}"
    if row["scored_floor"] is None:
        scored = ("a guardrail, never scored", "护栏指标，不计分")
    else:
        scored = (f"scored from {row['scored_floor']:,} {basis[0]}", f"{row['scored_floor']:,}起计分({basis[1]})")
    entries: list[tuple[Text, Text]] = [
        (("Definition", "定义"), (row["definition_en"], row["definition_zh"])),
        (TEXTS["good_for"], (row["role_en"], row["role_zh"])),
        (TEXTS["limits"], (row["limitation_en"], row["limitation_zh"])),
        (("Measured in", "计量单位"), unit),
        (("Good is", "方向"), _label(row["direction"], report)),
        (("95% interval", "95%区间"), INTERVALS.get(row["interval"], same(row["interval"]))),
        (("Shown from, scored from", "显示下限与计分下限"), (
            f"shown from n = {shown}; {scored[0]}", f"样本量{shown}起显示；{scored[1]}")),
        (("Version of the definition", "定义版本"), same(row["definition_version"])),
    ]  # fmt: skip
    if row["matures_after_days"]:
        days = row["matures_after_days"]
        entries.append(
            (("Looks back", "观察期"), (f"dated {days} days after what it observes", f"计入观察对象{days}天之后"))
        )
    label = (row["label_en"] or kpi_id, row["label_zh"] or kpi_id)
    return Section(
        label, [(("Id", "编号"), same(kpi_id)), *[(item, (one or "–", two or "–")) for item, (one, two) in entries]]
    )


def _label(code: str, report: Report) -> Text:
    row = report.labels.get(code, {})
    return row.get("en") or code, row.get("zh") or code
