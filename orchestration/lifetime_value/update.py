"""One run's lifetime values: is there history enough, which model is in force, and what it says of every customer."""

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.folders import DataFolder
from orchestration.lifetime_value import history

if TYPE_CHECKING:  # scipy.optimize is imported only where there is something to fit
    from orchestration.lifetime_value.calibration import Bin
    from orchestration.lifetime_value.parameters import Fitted

ENOUGH_REPEAT_CUSTOMERS = 100
ENOUGH_DAYS = 365
CALIBRATED = 0.8, 1.25
"""A model stays in force while customers buy between so many times what it expected since it was fitted …"""
ENOUGH_EXPECTED = 100
"""… where it expected so many purchase days: fewer say nothing."""

_MODEL = """
    create or replace table lifetime_value.model (
        status varchar, parameters varchar, fitted_before date, scored_before date, basis varchar,
        known_cost_share double, customers bigint, repeat_customers bigint,
        r double, alpha double, a double, b double, log_likelihood double,
        p double, q double, gamma double, margin_log_likelihood double, margin_customers bigint,
        repeat_margin_correlation double, holdout_days bigint, holdout_expected double, holdout_actual bigint,
        expected_since_fit double, actual_since_fit bigint, annual_discount double,
        mean_value_12m double, mean_value_low double, mean_value_high double, total_value_12m double,
        repeat_value_365d double, value_at_risk_365d double, value_at_risk_share double, one_time_share double
    )
"""
_CALIBRATION = """
    create or replace table lifetime_value.calibration (
        repeats_from bigint, repeats_to bigint, customers bigint, expected double, actual bigint
    )
"""
_NO_CUSTOMERS = """
    create or replace table lifetime_value.customers (
        customer_no integer, repeat_days bigint, p_alive double, expected_orders_12m double,
        expected_margin decimal(18, 4), value_12m decimal(18, 4), value_low decimal(18, 4), value_high decimal(18, 4)
    )
"""


@dataclass(frozen=True)
class Report:
    """What a run found: the one row of `lifetime_value.model`, by column, and the hold-out in bins.

    `status` is fitted, or why nothing is: no_purchases, short_history, few_repeat_customers, no_fit.
    """

    status: str
    figures: dict[str, Any] = field(default_factory=dict)
    holdout: "list[Bin]" = field(default_factory=list)


def update(connection: duckdb.DuckDBPyConnection, folder: DataFolder, annual_discount: float) -> Report:
    """Write schema `lifetime_value` from the facts: `customers`, `model` (one row) and `calibration`.

    Customers are scored as of the last complete month; the model is that of the history before its quarter.

    Raises:
        LogDamaged: the kept models are not what was written.
    """
    connection.execute("create schema if not exists lifetime_value")
    report = _computed(connection, folder, annual_discount)
    if report.status != "fitted":
        connection.execute(_NO_CUSTOMERS)
    connection.execute(_MODEL)
    row = {"status": report.status, "annual_discount": annual_discount, **report.figures}
    names, marks = ", ".join(row), ", ".join("?" for _ in row)
    connection.execute(f"insert into lifetime_value.model ({names}) values ({marks})", list(row.values()))
    connection.execute(_CALIBRATION)
    for one in report.holdout:
        values = asdict(replace(one, expected=round(one.expected, 6)))
        connection.execute("insert into lifetime_value.calibration values (?, ?, ?, ?, ?)", list(values.values()))
    return report


def _computed(connection: duckdb.DuckDBPyConnection, folder: DataFolder, annual_discount: float) -> Report:
    end = history.last_complete_month(connection)
    if end is None:
        return Report("no_purchases")
    quarter = end.replace(month=(end.month - 1) // 3 * 3 + 1)
    extent = history.extent(connection, quarter)
    known: dict[str, Any] = {
        "scored_before": end,
        "customers": extent.customers,
        "repeat_customers": extent.repeat_customers,
    }
    if extent.first_day is None:
        return Report("no_purchases", known)
    if (quarter - extent.first_day).days < ENOUGH_DAYS:
        return Report("short_history", known)
    if extent.repeat_customers < ENOUGH_REPEAT_CUSTOMERS:
        return Report("few_repeat_customers", known)
    from orchestration.lifetime_value.likelihood import FitError

    try:
        return _scored(connection, folder, quarter, end, annual_discount)
    except FitError:
        return Report("no_fit", known)


def _scored(
    connection: duckdb.DuckDBPyConnection, folder: DataFolder, quarter: dt.date, end: dt.date, annual_discount: float
) -> Report:
    from orchestration.lifetime_value import scoring
    from orchestration.lifetime_value.parameters import in_force

    history.load_days(connection, end)
    fitted = in_force(connection, folder, quarter)
    since = _since_fit(connection, fitted, end)
    if not _calibrated(*since):
        fitted, since = in_force(connection, folder, end), (0.0, 0)
    history.load_histories(connection, end, fitted.basis)
    scoring.write_customers(connection, fitted.bg_nbd, fitted.gamma_gamma, annual_discount)
    figures = _described(fitted) | {
        "scored_before": end,
        "expected_since_fit": round(since[0], 6),
        "actual_since_fit": since[1],
        **scoring.mean_value(connection),
        **scoring.value_at_risk(connection, end, fitted.basis),
    }
    return Report("fitted", figures, fitted.holdout)


def _since_fit(connection: duckdb.DuckDBPyConnection, fitted: "Fitted", end: dt.date) -> tuple[float, int]:
    """Expected and actual purchase days since the model was fitted, of those who were customers then."""
    from orchestration.lifetime_value.calibration import compare

    if fitted.fitted_before >= end:
        return 0.0, 0
    bins = compare(connection, fitted.bg_nbd, history.groups(connection), fitted.fitted_before, end)
    return sum(one.expected for one in bins), sum(one.actual for one in bins)


def _calibrated(expected: float, actual: int) -> bool:
    return expected < ENOUGH_EXPECTED or CALIBRATED[0] <= actual / expected <= CALIBRATED[1]


def _described(fitted: "Fitted") -> dict[str, Any]:
    from orchestration.lifetime_value.calibration import HOLDOUT_DAYS

    return {
        "parameters": fitted.name,
        "fitted_before": fitted.fitted_before,
        "basis": fitted.basis,
        "known_cost_share": fitted.known_cost_share,
        "customers": fitted.customers,
        "repeat_customers": fitted.repeat_customers,
        **fitted.bg_nbd._asdict(),
        "log_likelihood": fitted.log_likelihood,
        **fitted.gamma_gamma._asdict(),
        "margin_log_likelihood": fitted.margin_log_likelihood,
        "margin_customers": fitted.margin_customers,
        "repeat_margin_correlation": fitted.correlation,
        "holdout_days": HOLDOUT_DAYS,
        "holdout_expected": round(sum(one.expected for one in fitted.holdout), 6),
        "holdout_actual": sum(one.actual for one in fitted.holdout),
    }
