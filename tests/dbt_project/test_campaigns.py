"""Campaigns, pilots and complainers against those held out or like them: a small company whose figures are worked out here."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from scipy import stats

from tests.oracle.by_hand import lay

AS_OF = datetime.fromisoformat("2026-11-01T04:00:00+00:00")
ARM = 40
HUGE = 10**7
"""Orders of a milliard, as in a small currency."""
TREATED = [120 + n for n in range(ARM)]
HELD_OUT = [100 + n for n in range(ARM)]
Row = dict[str, object]


def _rows(rows: Sequence[Mapping[str, object]]) -> list[Row]:
    return [{"source_system": "s", **row} for row in rows]


def _order(name: str, who: str, at: str, net: float = 100, cost: object = 40) -> Row:
    return {"order_id": name, "source_customer_id": who, "ordered_at": at, "net_amount": net, "cost_amount": cost}


def _write(data: Path) -> None:
    orders: list[Row] = [_order("first", "anybody", "2024-12-01"), _order("last", "anybody", "2026-10-30")]
    arms: list[Row] = []
    for action, day, times, cost in (
        ("told", "2026-05-05", 1, 50),
        ("huge", "2026-05-05", HUGE, 50 * HUGE),
        ("costless", "2026-05-05", 1, ""),
        ("lately", "2026-09-25", 1, 50),
    ):
        for arm, amounts in (("treated", TREATED), ("holdout", HELD_OUT)):
            for n, amount in enumerate(amounts):
                who = f"{action}-{arm}-{n}"
                arms.append({"action_id": action, "source_customer_id": who, "arm": arm})
                orders.append(_order(who, who, day, amount * times, cost))
    # two by two records in both arms, three whose arm nobody named
    cards: list[Row] = []
    for n in range(2):
        for system, arm in (("s", "treated"), ("app", "holdout")):
            row = {"source_system": system, "source_customer_id": f"pair-{n}"}
            arms.append({**row, "action_id": "twice", "arm": arm})
            cards.append({**row, "loyalty_card_no": f"8800{n}"})
    for arm in ("treated", "holdout"):
        arms += [{"action_id": "twice", "source_customer_id": f"{arm}-{n}", "arm": arm} for n in range(30)]
    arms += [{"action_id": "twice", "source_customer_id": f"unnamed-{n}"} for n in range(3)]
    actions: list[Row] = [
        {"action_id": action, "action_type": "campaign", "starts_at": begins, "ends_at": ends, "cost_amount": 500}
        for action, begins, ends in (
            ("told", "2026-05-01", "2026-05-15"),
            ("huge", "2026-05-01", "2026-05-15"),
            ("costless", "2026-05-01", "2026-05-15"),
            ("lately", "2026-09-20", "2026-10-10"),
            ("twice", "2026-09-20", "2026-10-10"),
            ("for_all", "2026-05-01", "2026-05-15"),
        )
    ]
    # a pilot in which each buys as often as all others of the arm: twice or once
    assigned: list[Row] = []
    for arm, times in (("treated", 2), ("holdout", 1)):
        for n in range(ARM):
            who = f"even-{arm}-{n}"
            assigned.append({"pilot_id": "even", "source_customer_id": who, "arm": arm})
            orders += [_order(f"{who}-{k}", who, f"2026-03-1{k}") for k in range(times)]
    pilots: list[Row] = [
        {"pilot_id": "even", "primary_kpi_id": "promo_dependence", "starts_at": "2026-03-01", "ends_at": "2026-04-01"}
    ]
    # two pilots of one month in which all took part but three, or but six
    answers: list[Row] = []
    for month, others in (("2025-06", 3), ("2025-07", 6)):
        pilots.append(
            {"pilot_id": month, "primary_kpi_id": "csat_t2b", "starts_at": f"{month}-01", "ends_at": f"{month}-30"}
        )
        for n in range(ARM + others):
            who = f"{month}-{n}"
            answer = {"response_id": who, "question_code": "q", "source_customer_id": who, "score": 1 + n % 5}
            answers.append({**answer, "responded_at": f"{month}-10"})
            if n < ARM:
                assigned.append(
                    {"pilot_id": month, "source_customer_id": who, "arm": "treated" if n % 2 else "holdout"}
                )
    question = {"question_code": "q", "measures": "csat", "item": "overall", "scale_min": 1, "scale_max": 5}
    # twelve who complained, of whom six came back, and twelve like them who did not, of whom three did
    cases: list[Row] = []
    for kind, back in (("loud", 6), ("quiet", 3)):
        for n in range(12):
            who = f"{kind}-{n}"
            orders.append(_order(who, who, "2025-02-20"))
            if n < back:
                orders.append(_order(f"{who}-back", who, "2025-04-20"))
            if kind == "loud":
                moments = {"opened_at": "2025-04-10", "resolved_at": "2025-04-12"}
                cases.append({"case_id": who, "source_customer_id": who, "kind": "complaint", **moments})
    # six members, of whom three went on: the only step there is
    events: list[Row] = [
        {
            "event_id": f"enrol-{n}",
            "source_customer_id": f"loud-{n}",
            "event_type": "enrol",
            "occurred_at": "2025-03-01",
        }
        for n in range(6)
    ]
    silver = {"event_type": "tier_change", "tier_from": "member", "tier_to": "silver", "occurred_at": "2025-05-01"}
    events += [{"event_id": f"rise-{n}", "source_customer_id": f"loud-{n}", **silver} for n in range(3)]
    for dataset, rows in {
        "orders": _rows(orders),
        "customers": cards,
        "survey_responses": _rows(answers),
        "survey_questions": [{**question, "polarity": "higher_is_better"}],
        "loyalty_events": _rows(events),
        "campaign_exposures": _rows(arms),
        "business_actions": actions,
        "pilots": pilots,
        "pilot_assignments": _rows(assigned),
        "cases": _rows(cases),
    }.items():
        lay(data, dataset, rows, "company.csv", copies=1)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, run_pipeline: Callable[[Path, datetime], Path]) -> Path:
    """The published version of the company above."""
    data = tmp_path_factory.mktemp("campaigns")
    _write(data)
    return run_pipeline(data, AS_OF)


def _effect(published: Path, action: str) -> dict:
    return pl.read_parquet(published / "campaign_effects.parquet").row(
        by_predicate=pl.col("action_id") == action, named=True
    )


@pytest.mark.parametrize(("action", "times"), [("told", 1), ("huge", HUGE)])
def test_an_increment_is_welchs_whatever_the_currency(published: Path, action: str, times: int) -> None:
    welch = stats.ttest_ind(TREATED, HELD_OUT, equal_var=False).confidence_interval()
    row = _effect(published, action)
    assert (row["status"], row["increment_whole"], row["verdict"]) == ("shown", 20 * ARM * times, "better")
    assert row["increment_whole_low"] == pytest.approx(welch.low * ARM * times)
    assert row["increment_whole_high"] == pytest.approx(welch.high * ARM * times)


def test_without_costs_nothing_is_said_of_margin(published: Path) -> None:
    row = _effect(published, "costless")
    assert (row["status"], row["treated"], row["held_out"]) == ("costs_unknown", ARM, ARM)
    assert row["increment_during"] is row["increment_whole"] is row["verdict"] is None
    values = pl.read_parquet(published / "kpi_values.parquet").filter(kpi_id="campaign_increment", period_kind="month")
    # told and huge alone, each less its cost; nobody lost 500 on the third
    assert values.select("n", "value").rows() == [(2 * ARM, 20.0 * ARM * (1 + HUGE) - 1000)]


def test_a_campaign_that_is_just_over_has_its_own_days(published: Path) -> None:
    row = _effect(published, "lately")
    assert (row["status"], row["held_out"], row["increment_during"]) == ("provisional", ARM, 20 * ARM)
    assert row["increment_after"] is row["increment_whole"] is row["verdict"] is None
    assert _effect(published, "for_all")["status"] == "no_holdout"


def test_who_is_in_no_arm_is_not_in_both(published: Path) -> None:
    row = _effect(published, "twice")
    assert (row["treated"], row["held_out"], row["in_both_arms"]) == (30, 30, 2)


def test_where_nothing_varies_nobody_is_certain(published: Path) -> None:
    pilots = pl.read_parquet(published / "pilot_effects.parquet")
    assert (
        pilots.filter(pilot_id="even").select("orders_lift", "orders_lift_low", "orders_lift_high").rows()
        == [(1.0, None, None)] * 2
    )


def test_the_arms_do_not_tell_of_the_few_who_were_in_none(published: Path) -> None:
    """All answers less those of the arms would be the answers of three."""
    pilots = pl.read_parquet(published / "pilot_effects.parquet").filter(pl.col("primary_kpi_id") == "csat_t2b")
    found = pilots.select("pilot_id", "status", "n", "value").unique().sort("pilot_id").rows()
    # of forty each fifth answer is a four and each fifth a five
    assert found == [("2025-06", "hidden", None, None), ("2025-07", "shown", 20, 40.0)]


def test_complainers_are_not_compared_with_themselves(published: Path) -> None:
    details = pl.read_parquet(published / "kpi_details.parquet")
    found = details.filter(pl.col("measure").str.starts_with("control_") & (pl.col("period_kind") == "year"))
    assert dict(found.select("measure", "value").rows()) == {
        "control_value": 25.0,
        "control_n": 12.0,
        "control_gap": 25.0,
    }


def test_a_step_that_is_told_alone_is_not_the_weakest(published: Path) -> None:
    steps = pl.read_parquet(published / "engines.parquet").filter(measure="growth_step")
    assert set(steps.select("subject", "value", "n", "reading").rows()) == {("member", 50.0, 6, None)}
