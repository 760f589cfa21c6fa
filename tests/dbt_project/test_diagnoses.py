"""Diagnoses and engines: what they say against cells, rows and textbook intervals; every code has words in both languages."""

import re
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import pairwise

import duckdb
import numpy as np
import polars as pl
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


@contextmanager
def by_hand(run: CompanyRun) -> Generator[duckdb.DuckDBPyConnection]:
    """An empty copy of what the diagnoses are made from, with the catalogue and the configuration."""
    database = str(run.data / "warehouse" / "loyalty.duckdb")
    with duckdb.connect() as hand:
        hand.execute(f"attach '{database}' as loyalty (read_only)")
        hand.execute("attach ':memory:' as small")
        for schema, name in sorted(set(re.findall(r'"loyalty"\."(\w+)"\."(\w+)"', compiled(run)))):
            hand.execute(f"create schema if not exists small.{schema}")
            rows = "" if name in ("kpis", "unit_root") or schema == "config" else "limit 0"
            hand.execute(f"create table small.{schema}.{name} as from loyalty.{schema}.{name} {rows}")
        hand.execute("use small")
        yield hand


def compiled(run: CompanyRun) -> str:
    return next((run.data / "warehouse" / "dbt").rglob("compiled/**/published/diagnoses.sql")).read_text()


def diagnosed(hand: duckdb.DuckDBPyConnection, run: CompanyRun, rule: str) -> pl.DataFrame:
    return hand.execute(compiled(run).replace('"loyalty".', '"small".')).pl().filter(rule=rule)


def shown(hand: duckdb.DuckDBPyConnection, kpi_id: str, dimension: str, part: str, *numbers: float) -> None:
    """A cell of unit u in May: value and interval."""
    hand.execute(
        "insert into kpi_values by name select ? as kpi_id, 'u' as org_unit_id, 'month' as period_kind,"
        " date '2026-05-01' as period_start, ? as slice_dimension, ? as slice_value, 50 as n, ? as value,"
        " ? as ci_low, ? as ci_high, 'shown' as status",
        [kpi_id, dimension, part, *numbers],
    )


@pytest.mark.parametrize(
    ("low", "high", "finding"),
    [(31, 50, "campaign_lifts"), (29, 50, "campaign_no_difference"), (10, 29, "campaign_lowers")],
)
def test_what_a_campaign_lifts_lies_beyond_its_interval(
    demo_run: CompanyRun, low: float, high: float, finding: str
) -> None:
    with by_hand(demo_run) as hand:
        shown(hand, "csat_t2b", "campaign", "outside", 30, 20, 40)
        shown(hand, "csat_t2b", "campaign", "inside", 40, low, high)
        shown(hand, "fcr", "campaign", "inside", 40, low, high)
        found = diagnosed(hand, demo_run, "campaign_spike")
    assert found.select("kpi_id", "finding", "value", "reference").rows() == [("csat_t2b", finding, 40.0, 30.0)]


@pytest.mark.parametrize(
    ("low", "high", "finding"),
    [(1, 9, "complainers_stay_more"), (-1, 9, "complainers_no_difference"), (-9, -1, "complainers_stay_less")],
)
def test_the_paradox_needs_matched_customers_and_an_interval(
    demo_run: CompanyRun, low: float, high: float, finding: str
) -> None:
    with by_hand(demo_run) as hand:
        shown(hand, "post_complaint_retention", "all", "all", 80, 70, 90)
        assert diagnosed(hand, demo_run, "post_complaint").is_empty()
        for unit in ("u", "without_a_shown_value"):
            hand.execute(
                "insert into kpi_details by name select 'post_complaint_retention' as kpi_id, ? as org_unit_id, 'month' as"
                " period_kind, date '2026-05-01' as period_start, 'all' as slice_dimension, 'all' as slice_value,"
                " 'control_gap' as measure, 4 as value, ? as ci_low, ? as ci_high",
                [unit, low, high],
            )
        found = diagnosed(hand, demo_run, "post_complaint")
    assert found.select("org_unit_id", "finding", "value").rows() == [("u", finding, 4.0)]


def test_all_kinds_of_loyalty_there_are_are_told_or_none(demo_run: CompanyRun) -> None:
    kinds = {"true": 8, "latent": 6, "spurious": 6, "none": 4}
    with by_hand(demo_run) as hand:
        hand.execute(
            "insert into periods by name select 'month' as period_kind, date '2026-05-01' as period_start, true as is_complete"
        )
        for kind, customers in kinds.items():
            hand.execute(f"insert into customers by name select ? as loyalty_kind from range({customers})", [kind])
        assert diagnosed(hand, demo_run, "loyalty_kind").is_empty()  # four people are too few, and would be the rest
        hand.execute("insert into customers by name select 'none' as loyalty_kind")
        found = diagnosed(hand, demo_run, "loyalty_kind").sort("place")
    assert found["finding"].to_list() == ["loyalty_true", "loyalty_latent", "loyalty_spurious", "loyalty_none"]
    assert found["value"].to_list() == [32.0, 24.0, 24.0, 20.0]


def test_what_began_beside_a_signal_is_a_coincidence_in_time(demo_run: CompanyRun) -> None:
    begun = {"in_march": "2026-03-31", "in_april": "2026-04-01", "in_may": "2026-05-31", "in_june": "2026-06-01"}
    with by_hand(demo_run) as hand:
        hand.execute(
            "insert into kpi_signals by name select 'fcr' as kpi_id, 'u' as org_unit_id, date '2026-05-01' as period_start,"
            " 90 as value, 70 as centre, 'outside' as signal"
        )
        hand.execute(
            "insert into unit_paths by name select 'u' as org_unit_id, 'u' as ancestor_id, date '0001-01-01' as day_from,"
            " date '9999-12-31' as day_to"
        )
        actions = [(*row, "product_launch", "u") for row in begun.items()]
        actions += [("elsewhere", "2026-05-02", "product_launch", "v"), ("other", "2026-05-02", "other", "u")]
        for action in actions:
            hand.execute(
                "insert into action_spans by name select ? as action_id, cast(? as date) as starts_on,"
                " ? as action_type, ? as org_unit_id",
                action,
            )
        found = diagnosed(hand, demo_run, "coincidence")
    assert sorted(found["subject"]) == ["in_april", "in_may"]


def test_a_factor_of_trust_has_a_floor_of_its_own(demo_run: CompanyRun) -> None:
    with by_hand(demo_run) as hand:
        for item, *numbers in (("humanity", 30, 20, 39), ("capability", 30, 20, 45), ("reliability", 41, 9, 60)):
            shown(hand, "trust_index", "item", item, *numbers)
        assert diagnosed(hand, demo_run, "trust_foundation").is_empty()
        hand.execute("update config.trust_floors set floor = 40")
        found = diagnosed(hand, demo_run, "trust_foundation").sort("subject")
    assert found.select("subject", "reference", "severity").rows() == [
        ("capability", 40.0, "watch"),
        ("humanity", 40.0, "act"),
    ]


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
    usual = {"ces_effort": 3.0, "csat_t2b": 70.0, "nps_touchpoint": 40.0}
    with by_hand(demo_run) as hand:
        for kpi, value in turns.items():
            hand.execute(
                "insert into kpi_signals by name select ? as kpi_id, 'u' as org_unit_id,"
                " date '2026-05-01' as period_start, ? as value, ? as centre, 'outside' as signal",
                [kpi, value, usual[kpi]],
            )
        found = diagnosed(hand, demo_run, "experience_engine")
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
    """Tier changes told again in order, per customer: a step leads to a tier that was never had before."""
    steps = warehouse.execute(
        "select subject, period_start, value, n from engines where measure = 'growth_step' order by all"
    ).fetchall()
    assert steps
    told = warehouse.execute(
        "select i.customer_no, e.event_type, e.tier_from, e.tier_to, timezone(z.timezone, e.occurred_at at time zone 'UTC')"
        " from stg_loyalty_events as e join record_customers as i"
        " on coalesce(e.customer_source_system, e.source_system) = i.source_system"
        " and e.source_customer_id = i.source_customer_id cross join config.settings as z"
        " where e.event_type = 'enrol' or e.event_type = 'tier_change' and e.tier_to is not null order by e.occurred_at"
    ).fetchall()
    first = {who: since or "member" for who, kind, since, _, _ in reversed(told) if kind == "tier_change"}
    entry = Counter(first.values()).most_common(1)[0][0]
    for tier, start, value, n in steps:
        end = datetime(start.year + (start.month > 9), (start.month + 2) % 12 + 1, 1)
        had, went = defaultdict(set), set()
        for who, kind, since, to, moment in told:
            if moment >= end:
                break
            since, to = (to or entry, to or entry) if kind == "enrol" else (since or entry, to)
            had[who].add(since)
            if to not in had[who]:
                had[who].add(to)
                went |= {who} if since == tier else set()
        reached = {who for who, tiers in had.items() if tier in tiers}
        assert (n, value) == (len(reached), pytest.approx(100 * len(went) / len(reached)))


def test_crowding_out_is_told_with_customers_as_the_units(warehouse) -> None:
    """Unrewarded deeds in the 56 days on either side of a reward's start and stop, counted again; the interval by leaving
    out one customer at a time (jackknife), which linearising approximates."""
    told = warehouse.execute("select action_id, turn, turn_day, n, value, ci_low, ci_high from crowding_out").fetchall()
    assert told
    for _, _, turn, n, value, low, high in told:
        deeds = warehouse.execute(
            "select customer_no, count(*) filter (where event_day < $turn), count(*) filter (where event_day >= $turn)"
            " from loyalty_events where not is_rewarded and event_day >= $turn - interval 56 day"
            " and event_day < $turn + interval 56 day and event_type in"
            " ('check_in', 'share', 'review', 'content', 'community', 'referral', 'challenge') group by 1",
            {"turn": turn},
        ).fetchall()
        before, after = np.array([row[1] for row in deeds]), np.array([row[2] for row in deeds])
        assert n == min((before > 0).sum(), (after > 0).sum())
        assert value == pytest.approx(100 * (after.sum() / before.sum() - 1))
        without = np.log((after.sum() - after) / (before.sum() - before))
        error = np.sqrt((len(deeds) - 1) / len(deeds) * ((without - without.mean()) ** 2).sum())
        wide = (np.log(1 + high / 100) - np.log(1 + low / 100)) / (2 * 1.959963984540054)
        assert wide == pytest.approx(error, rel=0.05)
