"""One run's lifetime values: is there history enough, which model is in force, and what it says of every customer."""

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.folders import DataFolder
from orchestration.lifetime_value import history

if TYPE_CHECKING:  # scipy.optimize is imported only where there is something to fit
    from orchestration.lifetime_value.calibration import Bin
    from orchestration.lifetime_value.months import Valued
    from orchestration.lifetime_value.parameters import Fitted

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
_NO_MONTHS = """
    create or replace table lifetime_value.months (
        ends_on date, parameters varchar, fitted_before date, basis varchar,
        r double, alpha double, a double, b double, p double, q double, gamma double,
        expected_since_fit double, actual_since_fit bigint, one_time_share double
    );
    create or replace table lifetime_value.customer_months (
        ends_on date, customer_no integer, repeat_days bigint, p_alive double,
        value_12m decimal(18, 4), earned_365d decimal(18, 4)
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
    """Write schema `lifetime_value` from the facts: `customers`, `model` (one row), `calibration`, `months` and
    `customer_months`.

    Customers are scored as of the last complete month, and in the last two tables of every month before; the model is
    that of the history before the month's quarter.

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
    connection.execute(_NO_MONTHS)
    ends = history.complete_months(connection)
    if not ends:
        return Report("no_purchases")
    end, quarter = ends[-1], history.quarter_of(ends[-1])
    extent = history.extent(connection, quarter)
    known: dict[str, Any] = {
        "scored_before": end,
        "customers": extent.customers,
        "repeat_customers": extent.repeat_customers,
    }
    short = history.shortcoming(extent, quarter)
    if short is not None:
        return Report(short, known)
    from orchestration.lifetime_value import months

    valued = months.valued_months(connection, folder)
    months.write(connection, valued, annual_discount)
    if not valued or valued[-1].end != end:
        return Report("no_fit", known)
    return _scored(connection, valued[-1], annual_discount)


def _scored(connection: duckdb.DuckDBPyConnection, newest: "Valued", annual_discount: float) -> Report:
    from orchestration.lifetime_value import scoring

    fitted = newest.fitted
    history.load_histories(connection, [newest.end], fitted.basis)
    scoring.write_customers(connection, fitted.bg_nbd, fitted.gamma_gamma, annual_discount)
    figures = _described(fitted) | {
        "scored_before": newest.end,
        "expected_since_fit": round(newest.expected, 6),
        "actual_since_fit": newest.actual,
        **scoring.mean_value(connection),
        **scoring.value_at_risk(connection, newest.end),
    }
    return Report("fitted", figures, fitted.holdout)


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
