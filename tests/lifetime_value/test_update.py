"""What the room writes into the warehouse, when it fits anew, and what it says where there is too little."""

import datetime as dt
import json

import duckdb
import pytest

from orchestration.folders import DataFolder
from orchestration.lifetime_value.update import Report, update
from tests.lifetime_value.company import TRUTH, simulated, warehouse

AS_OF = dt.date(2025, 12, 1)
Row = dict[str, object]


@pytest.fixture(scope="module")
def rows() -> list[tuple[int, dt.date, float]]:
    return simulated(seed=5, customers=3_000, days=720)


@pytest.fixture(scope="module")
def bought(rows) -> duckdb.DuckDBPyConnection:
    return warehouse(rows, AS_OF)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return DataFolder(tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="module")
def report(bought, folder) -> Report:
    return update(bought, folder, 0.1)


def kept(folder: DataFolder) -> list[Row]:
    log = folder.state / "lifetime_value" / "models.jsonl"
    return [json.loads(line) for line in log.read_text().splitlines()]


def table(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple]:
    return connection.execute(f"select * from lifetime_value.{name} order by all").fetchall()


def test_the_truth_is_found(report: Report) -> None:
    figures = report.figures
    assert report.status == "fitted" and figures["basis"] == "margin"
    assert (figures["fitted_before"], figures["scored_before"]) == (dt.date(2025, 10, 1), AS_OF)
    for name, tolerance in {"r": 0.15, "alpha": 0.2, "a": 0.35, "b": 0.5}.items():
        assert figures[name] == pytest.approx(TRUTH[name], rel=tolerance), name
    mean = TRUTH["p"] * TRUTH["gamma"] / (TRUTH["q"] - 1)
    assert figures["p"] * figures["gamma"] / (figures["q"] - 1) == pytest.approx(mean, rel=0.05)
    assert abs(figures["repeat_margin_correlation"]) < 0.1
    assert figures["holdout_expected"] == pytest.approx(figures["holdout_actual"], rel=0.1)
    assert figures["expected_since_fit"] == pytest.approx(figures["actual_since_fit"], rel=0.1)
    assert figures["mean_value_low"] < figures["mean_value_12m"] < figures["mean_value_high"]


def test_every_customer_is_valued(bought, report, rows) -> None:
    before = {row[0] for row in rows if row[1] < AS_OF}
    found = bought.execute(
        "select count(*), count(distinct customer_no), bool_and(value_low <= value_12m and value_12m <= value_high or "
        "value_high = 0), bool_and(p_alive = 1) filter (where repeat_days = 0), sum(value_12m) from lifetime_value.customers"
    ).fetchall()[0]
    assert found[:4] == (len(before), len(before), True, True)
    assert float(found[4]) == report.figures["total_value_12m"]


def test_value_at_risk_is_that_of_whoever_probably_left(bought, report, rows) -> None:
    scores = {row[0]: row[1:3] for row in table(bought, "customers")}
    start = AS_OF - dt.timedelta(365)
    repeated = [row for row in rows if start <= row[1] < AS_OF and scores[row[0]][0] > 0]
    at_risk = sum(row[2] for row in repeated if scores[row[0]][1] < 0.5)
    assert report.figures["value_at_risk_365d"] == pytest.approx(at_risk, rel=1e-4)
    assert report.figures["value_at_risk_share"] == pytest.approx(at_risk / sum(row[2] for row in repeated), rel=1e-4)


def test_the_bins_of_the_holdout_are_all_customers(bought, report) -> None:
    bins = table(bought, "calibration")
    assert 3 <= len(bins) <= 8 and all(customers >= 30 for _, _, customers, _, _ in bins)
    assert sum(row[4] for row in bins) == report.figures["holdout_actual"]


def test_running_again_fits_nothing_and_writes_the_same(bought, report, folder) -> None:
    before = {name: table(bought, name) for name in ("customers", "model", "calibration", "months", "customer_months")}
    log = (folder.state / "lifetime_value" / "models.jsonl").read_bytes()
    update(bought, folder, 0.1)
    assert before == {name: table(bought, name) for name in before}
    assert (folder.state / "lifetime_value" / "models.jsonl").read_bytes() == log


def test_a_model_is_fitted_when_a_quarter_begins_or_its_history_changes(rows, tmp_path) -> None:
    folder = DataFolder(tmp_path)
    parameters = [
        update(warehouse(rows, as_of), folder, 0.1).figures["parameters"]
        for as_of in (dt.date(2025, 7, 1), dt.date(2025, 9, 1), dt.date(2025, 10, 1), dt.date(2025, 7, 1))
    ]
    assert parameters[0] == parameters[1] == parameters[3] != parameters[2]
    late = [*rows, (1, dt.date(2024, 8, 8), 10.0)]
    update(warehouse(late, dt.date(2025, 7, 1)), folder, 0.1)
    found = [(entry["number"], entry["reason"], entry["fitted_before"]) for entry in kept(folder)]
    assert found == [
        (1, "first", "2025-04-01"),
        (2, "quarter", "2025-07-01"),
        (3, "quarter", "2025-10-01"),
        (4, "history_corrected", "2025-04-01"),
        (5, "history_corrected", "2025-07-01"),
    ]


def test_a_model_that_no_longer_foretells_is_replaced_within_the_quarter(rows, tmp_path) -> None:
    gone = [row for row in rows if row[1] < dt.date(2025, 10, 1)]
    report = update(warehouse(gone, AS_OF), DataFolder(tmp_path), 0.1)
    assert report.figures["fitted_before"] == AS_OF
    assert [entry["reason"] for entry in kept(DataFolder(tmp_path))] == [
        "first",
        *["quarter"] * 2,
        *["calibration"] * 2,
    ]


def test_the_order_of_rows_changes_nothing(bought, rows, report, tmp_path) -> None:
    turned = warehouse(rows[::-1], AS_OF)
    update(turned, DataFolder(tmp_path), 0.1)
    for name in ("customers", "model", "calibration", "months", "customer_months"):
        assert table(turned, name) == table(bought, name)


def test_without_costs_net_sales_are_valued_and_it_says_so(rows, report, tmp_path) -> None:
    found = update(warehouse(rows, AS_OF, costs=False), DataFolder(tmp_path), 0.1).figures
    assert (found["basis"], found["known_cost_share"]) == ("net_sales", 0.0)
    assert found["total_value_12m"] == pytest.approx(2 * report.figures["total_value_12m"], rel=1e-3)


def test_every_month_is_valued_by_the_model_that_was_in_force_then(bought, report, rows, tmp_path) -> None:
    """What a month is worth is what a run would have said at its end."""
    months = [row[:3] for row in table(bought, "months")]
    quarters = [dt.date(2025, 4, 1)] * 3 + [dt.date(2025, 7, 1)] * 3 + [dt.date(2025, 10, 1)] * 3
    ends = [dt.date(2025, month, 1) for month in range(4, 13)]
    assert [(end, before) for end, _, before in months] == list(zip(ends, quarters, strict=True))
    assert months[-1][1] == report.figures["parameters"]
    for end in (dt.date(2025, 8, 1), AS_OF):
        then = warehouse(rows, end)
        said = update(then, DataFolder(tmp_path), 0.1).figures
        values = "select customer_no, repeat_days, p_alive, value_12m from lifetime_value.{} order by all"
        expected = then.execute(values.format("customers")).fetchall()
        assert bought.execute(values.format(f"customer_months where ends_on = '{end}'")).fetchall() == expected
        [share] = bought.execute("select one_time_share from lifetime_value.months where ends_on = ?", [end]).fetchall()
        assert share == (said["one_time_share"],)


@pytest.mark.parametrize(("buyers", "repeat_value"), [(3, None), (29, None), (30, 3_000.0)])
def test_few_who_still_buy_are_not_told_what_they_earned(
    rows, tmp_path, buyers: int, repeat_value: float | None
) -> None:
    """Nearly all have gone: what is left of the year's earnings would be those of the few who came once more."""
    gone = [row for row in rows if row[1] < dt.date(2024, 12, 1)]
    came = sorted({row[0] for row in gone})[:buyers]
    still = [*gone, *((customer, dt.date(2025, 6, 10), 100.0) for customer in came)]
    report = update(warehouse(still, AS_OF), DataFolder(tmp_path), 0.1)
    assert report.status == "fitted"
    assert report.figures["repeat_value_365d"] == repeat_value
    assert (report.figures["value_at_risk_365d"] is None) == (report.figures["value_at_risk_share"] is None)
    assert (report.figures["value_at_risk_share"] is None) == (repeat_value is None)
    assert (report.figures["one_time_share"] is None) == (buyers < 5)


@pytest.mark.parametrize(
    ("customers", "days", "as_of", "status"),
    [
        (0, 1, dt.date(2024, 1, 1), "no_purchases"),  # not even a complete month
        (0, 1, AS_OF, "no_purchases"),
        (400, 300, dt.date(2024, 11, 1), "short_history"),
        (60, 720, AS_OF, "few_repeat_customers"),
    ],
)
def test_too_little_gives_a_reason_and_empty_tables(customers, days, as_of, status, tmp_path) -> None:
    connection = warehouse(simulated(1, customers, days), as_of)
    assert update(connection, DataFolder(tmp_path), 0.1).status == status
    assert table(connection, "customers") == table(connection, "calibration") == []
    assert table(connection, "months") == table(connection, "customer_months") == []
    [row] = table(connection, "model")
    assert row[0] == status
    assert not (tmp_path / "state").exists()
