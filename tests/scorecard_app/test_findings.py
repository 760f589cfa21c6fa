"""Findings become sentences with their evidence; figures of the engines come once each and in their own order."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest

from scorecard_app.cards import Voice
from scorecard_app.queries import Queries, Row, fetch
from scorecard_app.reading import engines
from scorecard_app.reading.findings import findings

START = date(2026, 7, 1)
LABELS = {
    "below": ("{kpi} at {subject}: {value} against {reference} ({n}).", "{kpi}在{subject}：{value}，目标{reference}（{n}）。"),
    "kinds": ("{value} % are loyal ({n}).", "{value}%忠诚（{n}）。"),
    "beside": ("{kpi} left its limits when “{subject}” began.", "“{subject}”开始时{kpi}异常。"),
    "hotline": ("Hotline", "热线"), "rule": ("a rule", "规则"), "all": ("all", "全部"),
}  # fmt: skip


class Tables(Queries):
    """Three small tables in memory."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(
            "create table kpis as select 'k' as kpi_id, 'Kept' as label_en, '兑现' as label_zh, 'percent' as unit"
        )
        self.connection.execute(
            "create table business_actions as select 'A1' as action_id, 'Sale' as name_en, '促销' as name_zh"
        )
        self.connection.execute(
            "create table diagnoses (org_unit_id varchar, period_kind varchar, period_start date, rule varchar, kpi_id varchar, "
            "subject varchar, finding varchar, severity varchar, place bigint, value double, reference double, ci_low double, "
            "ci_high double, n bigint, attainment double)"
        )
        self.connection.execute(
            "create table engines (engine varchar, measure varchar, subject varchar, org_unit_id varchar, period_kind varchar, "
            "period_start date, value double, ci_low double, ci_high double, n bigint, reading varchar)"
        )

    def rows(self, query: str, **parameters: object) -> list[Row]:
        return fetch(self.connection, query, parameters)

    def add(self, table: str, *rows: tuple[Any, ...]) -> None:
        for row in rows:
            self.connection.execute(f"insert into {table} values ({', '.join('?' for _ in row)})", list(row))


@pytest.fixture
def data() -> Iterator[Tables]:
    tables = Tables()
    yield tables
    tables.connection.close()


def voice(language: Any) -> Voice:
    return Voice(language, "CNY", {code: {"en": en, "zh": zh} for code, (en, zh) in LABELS.items()})


def test_findings_in_words_the_most_pressing_first(data: Tables) -> None:
    at = ("cs", "quarter", START, "rule")
    data.add(
        "diagnoses",
        (*at, "k", "A1", "beside", "note", 1, 95.0, 80.0, 70.0, 90.0, None, None),
        (*at, "all", "true", "kinds", "good", 1, 12.34, None, 10.0, 15.0, 80, None),
        (*at, "k", "hotline", "below", "watch", 2, 70.0, 78.3, 60.0, 80.0, 35, 12.6),
        (*at, "k", "hotline", "below", "act", 1, 40.0, 78.3, 30.0, 50.0, 40, 0.0),
        ("sto", *at[1:], "k", "hotline", "below", "act", 1, 1.0, 78.3, 0.0, 2.0, 40, 0.0),
    )
    found = findings(data, voice("en"), "cs", "quarter", START)
    assert [one.sentence for one in found] == [
        "Kept at Hotline: 40.0% against 78.3% (40).", "Kept at Hotline: 70.0% against 78.3% (35).",
        "Kept left its limits when “Sale” began.", "12.3 % are loyal (80).",
    ]  # fmt: skip
    assert found[0].evidence == "95% interval 30.0% to 50.0% · n = 40 · Attainment 0"
    assert found[2].evidence == "usual range 70.0% to 90.0%"
    assert findings(data, voice("zh"), "cs", "quarter", START)[2].sentence == "“促销”开始时兑现异常。"


@pytest.mark.parametrize("rule", ["coincidence", "experience_engine"])
def test_the_limits_of_a_signal_are_no_interval_of_its_value(data: Tables, rule: str) -> None:
    """Eight months on one side of the centre are a signal whose value lies within the limits."""
    data.add(
        "diagnoses", ("cs", "month", START, rule, "k", "A1", "beside", "note", 1, 82.0, 80.0, 70.0, 90.0, None, None)
    )
    [found] = findings(data, voice("en"), "cs", "month", START)
    assert found.evidence == "usual range 70.0% to 90.0%"


def test_an_engines_figure_comes_once_whole_first_parts_in_their_order(data: Tables) -> None:
    def figure(measure: str, subject: str, kind: str, start: date, value: float | None) -> tuple[Any, ...]:
        return ("feedback", measure, subject, "cs", kind, start, value, None, None, 9, None)

    data.add(
        "engines",
        figure("complaint_step", "follow_up", "quarter", START, 90.0), figure("complaint_step", "response", "quarter", START, 10.0),
        figure("complaint_step", "all", "quarter", START, 50.0), figure("complaint_step", "eta", "quarter", START, None),
        figure("retention_after", "all", "month", date(2026, 8, 1), 1.0), figure("retention_after", "all", "month", date(2026, 9, 1), 2.0),
        figure("retention_after", "all", "month", date(2026, 10, 1), 3.0), figure("complaint_step", "all", "month", date(2026, 9, 1), 4.0),
    )  # fmt: skip
    found = engines.figures(data, "cs", "quarter", START)
    assert list(found) == ["feedback"]
    steps, after = found["feedback"]["complaint_step"], found["feedback"]["retention_after"]
    assert [(row["subject"], row["value"]) for row in steps] == [("all", 50.0), ("response", 10.0), ("follow_up", 90.0)]
    assert [row["value"] for row in after] == [2.0]
    assert engines.figures(data, "sto", "quarter", START) == {}


def test_what_is_counted_by_quarter_only_stands_under_a_month_with_its_newest_whole_quarter(data: Tables) -> None:
    def figure(measure: str, kind: str, start: date, value: float) -> tuple[Any, ...]:
        return ("incentives", measure, "all", "cs", kind, start, value, None, None, 9, None)

    data.add(
        "engines",
        figure("long_term", "quarter", date(2025, 4, 1), 1.0), figure("long_term", "quarter", date(2026, 4, 1), 2.0),
        figure("long_term", "quarter", date(2026, 7, 1), 3.0), figure("badge", "quarter", date(2026, 4, 1), 4.0),
        figure("badge", "month", date(2026, 8, 1), 5.0),
    )  # fmt: skip

    def shown(kind: str, start: date) -> dict[str, list[float]]:
        found = engines.figures(data, "cs", kind, start).get("incentives", {})
        return {measure: [row["value"] for row in rows] for measure, rows in found.items()}

    assert shown("month", date(2026, 8, 1)) == {"badge": [5.0], "long_term": [2.0]}  # the third quarter isn't over
    assert shown("month", date(2026, 9, 1)) == {"badge": [4.0], "long_term": [3.0]}
    assert shown("month", date(2027, 8, 1)) == {}, "a year old is too old"
