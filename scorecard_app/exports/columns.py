"""The columns of an export: their order, how they are called, and how a workbook shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scorecard_app.format import Language
from scorecard_app.texts import TEXTS

LANGUAGES: tuple[Language, ...] = ("en", "zh")
# words: published once per language; measure: a figure in its KPI's unit; plain: codes, for programs
Kind = Literal["words", "id", "measure", "score", "weight", "count", "plain"]


@dataclass(frozen=True)
class Column:
    """A column `key` of CSV and JSON (`words` are two, key_en and key_zh) and its title, English and Chinese."""

    key: str
    kind: Kind
    title: tuple[str, str]
    width: int = 0  # in the workbook, in digits; without one it is not there

    def keys(self, languages: Sequence[Language]) -> list[str]:
        """The flat columns it becomes."""
        return [f"{self.key}_{language}" for language in languages] if self.kind == "words" else [self.key]


UNIT: list[Column] = [
    Column("org_unit_id", "id", ("Unit id", "部门编号"), 9),
    Column("unit", "words", TEXTS["unit"], 19),
    Column("parent_org_unit_id", "plain", ("Id of the unit above", "上级部门编号")),
    Column("unit_kind", "plain", ("Kind of unit", "部门类型")),
    Column("unit_function", "plain", ("Function of the unit", "部门职能")),
    Column("score", "score", TEXTS["score"], 10),
    Column("scored_weight", "score", ("Weight scored, %", "已计分权重(%)"), 15),
    Column("score_rag", "plain", ("Status of the score, code", "得分状态代码")),
    Column("score_rag", "words", TEXTS["status"], 28),
    Column("score_reason", "plain", ("Why there is no score, code", "无得分原因代码")),
    Column("score_reason", "words", ("Why there is no score", "无得分原因"), 46),
]
KPI: list[Column] = [
    Column("kpi_id", "plain", ("KPI id", "指标编号")),
    Column("kpi", "words", TEXTS["kpi"], 23),
    Column("value", "measure", TEXTS["value"], 9),
    Column("value_unit", "plain", ("Unit of measure, code", "计量单位代码")),
    Column("value_unit", "words", ("Measured in", "计量单位"), 13),
    Column("ci_low", "measure", ("95% interval, low", "95%区间下限"), 12),
    Column("ci_high", "measure", ("95% interval, high", "95%区间上限"), 12),
    Column("n", "count", ("n", "样本量"), 8),
    Column("direction", "plain", ("Which way is good, code", "方向代码")),
    Column("direction", "words", ("Good is", "方向")),
    Column("threshold", "measure", TEXTS["threshold"], 10),
    Column("band_low", "measure", ("Band from", "区间下界"), 10),
    Column("band_high", "measure", ("Band to", "区间上界"), 10),
    Column("target", "measure", TEXTS["target"], 9),
    Column("stretch", "measure", TEXTS["stretch"], 9),
    Column("weight", "weight", TEXTS["weight"], 8),
    Column("attainment", "score", TEXTS["attainment"], 11),
    Column("verdict", "plain", ("Verdict, code", "结论代码")),
    Column("verdict", "words", TEXTS["verdict"], 17),
    Column("rag", "plain", ("Status, code", "状态代码")),
    Column("rag", "words", TEXTS["status"], 18),
    Column("reason", "plain", ("Reason, code", "原因代码")),
    Column("reason", "words", TEXTS["reason"], 19),
    Column("measured_org_unit_id", "plain", ("Id of the unit measured", "统计部门编号")),
    Column("measured_unit", "words", ("Measured for", "统计范围"), 18),
    Column("basis", "plain", ("What counts: all trade, or outside campaigns", "统计基础：全部或活动期外")),
    Column("weak_share", "plain", ("Share resting on uncertain identity links", "依赖不确定身份关联的占比")),
]
PERIOD: list[Column] = [
    Column("version", "plain", TEXTS["version"]),
    Column("demo", "plain", ("Demo company: invented data", "演示公司：虚构数据")),
    Column("period", "id", TEXTS["period"], 9),
    Column("period_kind", "plain", ("Kind of period", "期间类型")),
    Column("period_start", "plain", ("First day", "首日")),
    Column("period_end", "plain", ("Last day", "末日")),
    Column("months_without_data", "plain", ("Months of the period without data", "期间内无数据的月份")),
]
FLAT = [*PERIOD, *UNIT, *KPI]


def join(english: str, chinese: str, languages: Sequence[Language], between: str = "\n") -> str:
    """A text in the chosen languages, once where both are the same."""
    both = {"en": english, "zh": chinese}
    return between.join(dict.fromkeys(both[language] for language in languages))


def languages(choice: str) -> tuple[Language, ...]:
    """en, zh, or for `both` the two of them."""
    return LANGUAGES if choice == "both" else tuple(language for language in LANGUAGES if language == choice)
