"""Diagnoses and engines: what they say against cells, rows and textbook intervals; every code has words in both languages."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import duckdb
import pytest
from scipy import stats

from tests.conftest import CompanyRun

CODES = {
    "kpi_comparisons": ["verdict"],
    "diagnoses": ["rule", "finding", "severity"],
    "engines": ["engine", "measure", "reading"],
}


@pytest.fixture(scope="module")
def warehouse(demo_run: CompanyRun) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(demo_run.data / "warehouse" / "loyalty.duckdb"), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("table", CODES)
def test_every_code_has_words_in_both_languages(warehouse, table: str) -> None:
    for column in CODES[table]:
        silent = warehouse.execute(
            f"select distinct t.{column} from {table} as t left join labels as l on t.{column} = l.code"
            f" left join kpis as k on t.{column} = k.kpi_id"
            f" where t.{column} is not null and k.kpi_id is null and (l.en is null or l.zh is null)"
        ).fetchall()
        assert not silent, (table, column)
        assert warehouse.execute(f"select count(distinct {column}) from {table}").fetchone()[0] > 0


def test_sentences_ask_for_nothing_that_a_finding_lacks(warehouse) -> None:
    texts = warehouse.execute("select en, zh from labels where en like '%{%'").fetchall()
    assert len(texts) >= 10
    for text in texts:
        blanks = [set(re.findall(r"\{(\w+)\}", language)) for language in text]
        assert blanks[0] == blanks[1] <= {"kpi", "subject", "value", "reference", "n"}, text


def test_diagnoses_repeat_published_cells(warehouse) -> None:
    """Trust's factors below nought, all of them and no other; touchpoints below their own target, worst first."""
    cells = "kpi_values where status = 'shown' and kpi_id = 'trust_index' and slice_dimension = 'item' and value < 0"
    told = "select org_unit_id, period_kind, period_start, subject, value, ci_low, n from diagnoses"
    expected = f"select org_unit_id, period_kind, period_start, slice_value, value, ci_low, n from {cells}"
    found = set(warehouse.execute(f"{told} where rule = 'trust_foundation'").fetchall())
    assert found == set(warehouse.execute(expected).fetchall()) and found
    worst = warehouse.execute(
        "select org_unit_id, period_kind, period_start, place, attainment from diagnoses"
        " where rule = 'worst_touchpoint' order by all"
    ).fetchall()
    assert len(worst) > 5
    for before, after in pairwise(worst):
        assert before[4] < 100
        if before[:3] == after[:3]:
            assert after[3] == before[3] + 1 and after[4] >= before[4]


@pytest.mark.parametrize(
    ("turns", "finding"),
    [
        ({"ces_effort": 2.0, "csat_t2b": 90.0, "nps_touchpoint": 60.0}, "experience_working"),
        ({"ces_effort": 2.0, "csat_t2b": 90.0}, "experience_mixed"),
        ({"ces_effort": 2.0, "csat_t2b": 50.0}, "experience_contradictory"),
        ({"ces_effort": 5.0}, "experience_worsening"),
    ],
)
def test_the_experience_engine_by_hand(warehouse, demo_run: CompanyRun, turns: dict[str, float], finding: str) -> None:
    """Effort falls, satisfaction and recommendation rise, each as a signal of its own."""
    compiled = next((demo_run.data / "warehouse" / "dbt").rglob("compiled/**/published/diagnoses.sql")).read_text()
    usual = {"ces_effort": 3.0, "csat_t2b": 70.0, "nps_touchpoint": 40.0}
    database = str(demo_run.data / "warehouse" / "loyalty.duckdb")
    with duckdb.connect() as hand:
        hand.execute(f"attach '{database}' as loyalty (read_only)")
        hand.execute("attach ':memory:' as small")
        for schema, name in sorted(set(re.findall(r'"loyalty"\."(\w+)"\."(\w+)"', compiled))):
            hand.execute(f"create schema if not exists small.{schema}")
            rows = "" if name in ("kpis", "unit_root") or schema == "config" else "limit 0"
            hand.execute(f"create table small.{schema}.{name} as from loyalty.{schema}.{name} {rows}")
        for kpi, value in turns.items():
            hand.execute(
                "insert into small.main.kpi_signals by name select ? as kpi_id, 'u' as org_unit_id,"
                " date '2026-05-01' as period_start, ? as value, ? as centre, 'outside' as signal",
                [kpi, value, usual[kpi]],
            )
        found = hand.execute(compiled.replace('"loyalty".', '"small".')).pl().filter(rule="experience_engine")
    assert set(found["finding"]) == {finding} and set(found["kpi_id"]) == turns.keys()
    assert set(found["period_start"]) == {date(2026, 5, 1)}


def test_satisfaction_s_drivers_are_welch_s(warehouse) -> None:
    """The demo company's customers, their answers of a year, asked again in Python."""
    drivers = warehouse.execute(
        "select subject, period_start, value, ci_low, ci_high, n from engines where measure = 'driver'"
    ).fetchall()
    assert drivers
    for item, start, *published in drivers:
        end = date(start.year + (start.month > 9), (start.month + 2) % 12 + 1, 1)
        window = f"date '{end}' - interval 365 day <= responded_day and responded_day < date '{end}'"
        agrees = dict(
            warehouse.execute(
                "select customer_no, list(2 * score > scale_min + scale_max order by responded_at desc, source_system desc,"
                " response_id desc, question_code desc)[1] from survey_answers"
                f" where item = '{item}' and customer_no is not null and {window} group by 1"
            ).fetchall()
        )
        index = dict(
            warehouse.execute(
                "select customer_no, list(100 * (total - 3) / 27.0 order by moment desc, source_system desc, response_id desc)[1]"
                " from (select customer_no, source_system, response_id, max(responded_at) as moment, sum(score) as total"
                f" from survey_answers where measures = 'satisfaction_index' and customer_no is not null and {window}"
                " group by 1, 2, 3 having count(*) = 3) group by 1"
            ).fetchall()
        )
        sides = [
            [float(index[who]) for who in agrees if who in index and agrees[who] is side] for side in (True, False)
        ]
        compared = stats.ttest_ind(*sides, equal_var=False)
        interval = compared.confidence_interval()
        expected = [sum(sides[0]) / len(sides[0]) - sum(sides[1]) / len(sides[1]), interval.low, interval.high]
        assert published == [pytest.approx(number, abs=1e-6) for number in expected] + [min(map(len, sides))]


def test_nothing_is_told_of_fewer_than_five(warehouse) -> None:
    for table in ("diagnoses", "engines", "kpi_comparisons"):
        floor = "1 = 1" if table == "engines" else "kpi_id in (select kpi_id from kpis where shown_floor >= 5)"
        assert warehouse.execute(f"select min(n) from {table} where n is not null and {floor}").fetchone()[0] >= 5


def test_growth_steps_count_who_went_on(warehouse) -> None:
    steps = warehouse.execute(
        "select subject, period_start, value, n from engines where measure = 'growth_step' order by all"
    ).fetchall()
    assert steps
    for tier, start, value, n in steps:
        end = date(start.year + (start.month > 9), (start.month + 2) % 12 + 1, 1)
        events = warehouse.execute(
            "select i.customer_no, e.event_type, e.tier_from, e.tier_to from stg_loyalty_events as e join record_customers as i"
            " on coalesce(e.customer_source_system, e.source_system) = i.source_system"
            " and e.source_customer_id = i.source_customer_id cross join config.settings as z"
            f" where timezone(z.timezone, e.occurred_at at time zone 'UTC') < timestamp '{end}'"
        ).fetchall()
        reached = {who for who, kind, _, to in events if (kind == "enrol" and tier == "member") or to == tier}
        went = {who for who, kind, since, to in events if kind == "tier_change" and to and (since or "member") == tier}
        assert (n, value) == (len(reached | went), pytest.approx(100 * len(went) / len(reached | went)))
