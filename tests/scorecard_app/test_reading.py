"""What the pages make of published rows, against cases worked out by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scorecard_app.published import Published, resolve
from scorecard_app.reading import baseline, economics, journey, periods
from scorecard_app.reading.actions import Action, by_month
from scorecard_app.reading.score_change import points, score_change
from scorecard_app.reading.series import month_to_date, monthly

KPI: dict[str, Any] = {"kpi_id": "k", "floor_basis": "n", "scored_floor": 50, "direction": "higher", "unit": "percent"}


@pytest.fixture(scope="module")
def published(sample_root: Path) -> Published:
    return Published(resolve(sample_root), everything=True)


def test_points_are_weight_times_attainment_over_the_scored_weight() -> None:
    rows = [
        {"kpi_id": "a", "weight": 60.0, "attainment": 100.0},
        {"kpi_id": "b", "weight": 20.0, "attainment": 40.0},
        {"kpi_id": "c", "weight": 20.0, "attainment": None},
    ]
    assert points(rows) == {"a": 75.0, "b": 10.0}


@pytest.mark.parametrize(
    "kind, start", [("month", date(2025, 6, 1)), ("month", date(2025, 2, 1)), ("quarter", date(2025, 4, 1))]
)
def test_movements_add_up_to_the_difference_of_the_scores(published: Published, kind: str, start: date) -> None:
    change = score_change(published, "cs", kind, start)
    assert change and change.since < start
    assert sum(one.change for one in change.moved) == pytest.approx(change.now - change.before)
    assert [abs(one.change) for one in change.moved] == sorted((abs(one.change) for one in change.moved), reverse=True)
    if start == date(2025, 2, 1):  # no survey in January: the score before is older, or lacks what was asked
        assert change.since < date(2025, 1, 1) or any(one.entered for one in change.moved)


def test_without_an_earlier_score_nothing_moved(published: Published) -> None:
    assert score_change(published, "cs", "month", date(2024, 7, 1)) is None
    assert score_change(published, "hr", "month", date(2025, 6, 1)) is None


def months(values: list[float | None], n: int = 80) -> list[dict[str, Any]]:
    return [
        {"value": value, "n": n, "denominator": 5.0, "status": "hidden" if value is None else "shown"}
        for value in values
    ]


def test_first_targets_come_from_the_last_twelve_usable_months() -> None:
    history = months([1.0, 2.0, None, *[float(x) for x in range(10, 22)]])
    found = baseline.suggest(history, KPI)
    assert found and (found.months, found.threshold, found.target, found.stretch) == (12, 15.5, 18.25, 21.0)
    lower = baseline.suggest(history, KPI | {"direction": "lower"})
    assert lower and (lower.threshold, lower.target, lower.stretch) == (15.5, 12.75, 10.0)


@pytest.mark.parametrize("history, kpi", [
    (months([1, 2, 3, 4, 5]), KPI), (months([1, 2, 3, 4, 5, 6], n=49), KPI), (months([1, 2, 3, 4, 5, 6]), KPI | {"direction": "band"}),
    (months([3.0] * 8), KPI), (months([1, 2, 3, 4, 5, 6]), KPI | {"is_guardrail": True, "scored_floor": None}),
    (months([1, 2, 3, 4, 5, 6]), KPI | {"floor_basis": "x"}),
])  # fmt: skip
def test_no_target_is_suggested_without_a_baseline(history: list[dict[str, Any]], kpi: dict[str, Any]) -> None:
    assert baseline.suggest(history, kpi) is None


@pytest.mark.parametrize("low, high, overall, direction, lean", [
    (10, 20, 5, "higher", "better"), (10, 20, 5, "lower", "worse"), (10, 20, 25, "higher", "worse"), (10, 20, 25, "lower", "better"),
    (10, 20, 15, "higher", "alike"), (10, 20, 10, "higher", "alike"), (None, None, 15, "higher", "unknown"), (10, 20, 5, "band", "unknown"),
])  # fmt: skip
def test_a_part_leans_only_where_its_interval_is_clear_of_the_whole(
    low: float, high: float, overall: float, direction: str, lean: str
) -> None:
    assert journey.leaning({"ci_low": low, "ci_high": high, "overall": overall}, direction) == lean


def test_shortfalls_count_bad_cases_of_shares_alone() -> None:
    cells = [
        {"slice_value": "a", "numerator": 8.0, "denominator": 10.0},
        {"slice_value": "b", "numerator": None, "denominator": None},
        {"slice_value": "c", "numerator": 4.0, "denominator": 4.0},
    ]
    assert journey.shortfalls(cells, KPI) == [("a", 2.0)]
    assert journey.shortfalls(cells, KPI | {"direction": "lower"}) == [("a", 8.0), ("c", 4.0)]
    assert journey.shortfalls(cells, KPI | {"unit": "points"}) == []


def test_the_programme_costs_sales_times_rates() -> None:
    model = economics.Model(1_000_000, 1.0, 0.6, 0.01, 4_000, 0.02)
    assert model.points_cost == pytest.approx(6_000) and model.cost == pytest.approx(10_000)
    assert model.increment == pytest.approx(20_000) and model.result == pytest.approx(10_000)
    assert model.roi == pytest.approx(1.0) and model.break_even == pytest.approx(0.01)
    assert economics.Model(0, 1, 1, 1, 0, 0.1).roi is None


def test_the_last_year_sums_before_it_divides() -> None:
    def month(number: int, sales: float, earned: float, **more: float | str | None) -> dict[str, Any]:
        row = {
            "period_start": date(2026, number, 1),
            "status": "shown",
            "member_net_sales": sales,
            "points_earned": earned,
        }
        return row | {
            "points_redeemed": 50.0,
            "redemption_cost": 1.0,
            "benefit_cost": 2.0,
            "redemption_rate": None,
            **more,
        }

    rows = [month(1, 100.0, 100.0), month(2, 300.0, 900.0, redemption_rate=0.25), month(3, 900.0, 9.0, status="hidden")]
    model, count = economics.last_year(rows, date(2026, 4, 1)) or (None, 0)
    assert model and count == 2 and model.sales == 400 and model.earn_rate == 2.5 and model.redemption_rate == 0.25
    assert model.unit_cost == pytest.approx(0.02) and model.roi == pytest.approx(0)
    assert economics.last_year(rows[2:], date(2026, 4, 1)) is None


def test_periods_end_where_the_next_begins() -> None:
    assert periods.end_of("month", date(2025, 12, 1)) == date(2026, 1, 1)
    assert periods.end_of("quarter", date(2025, 10, 1)) == date(2026, 1, 1)
    assert periods.end_of("year", date(2025, 1, 1)) == date(2026, 1, 1)
    assert periods.months_before(date(2026, 2, 14), 3) == date(2025, 11, 1)


def test_actions_of_one_month_share_a_mark() -> None:
    actions = [
        Action(1, date(2026, 1, 3), None, {}),
        Action(2, date(2026, 1, 30), None, {}),
        Action(3, date(2026, 3, 1), None, {}),
    ]
    assert by_month(actions) == {date(2026, 1, 1): "1, 2", date(2026, 3, 1): "3"}


def test_the_open_month_stands_beside_the_last_complete_one(published: Published) -> None:
    found = month_to_date(published, {"csat_t2b": "sto", "retention_rolling": "sto"})
    last, today = found["csat_t2b"]
    assert last and last["period_start"] == date(2025, 6, 1) and today["period_start"] == date(2025, 7, 1)
    assert today["status"] == "provisional"
    assert [row["target"] for row in monthly(published, "csat_t2b", "sto", "sto")][-2:] == [78, None]
