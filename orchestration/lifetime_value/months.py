"""Values at the end of every month of the past, each by the model that was in force then: what KPIs of a month are made of."""

import datetime as dt
import itertools
from dataclasses import dataclass

import duckdb

from orchestration.folders import DataFolder
from orchestration.lifetime_value import history, scoring
from orchestration.lifetime_value.calibration import compare
from orchestration.lifetime_value.likelihood import FitError
from orchestration.lifetime_value.parameters import Fitted, in_force

CALIBRATED = 0.8, 1.25
"""A model stays in force while customers buy between so many times what it expected since it was fitted …"""
ENOUGH_EXPECTED = 100
"""… where it expected so many purchase days: fewer say nothing."""


@dataclass(frozen=True)
class Valued:
    """A month's end, the model in force there, and what it had expected of the days since it was fitted and what came."""

    end: dt.date
    fitted: Fitted
    expected: float
    actual: int


def valued_months(connection: duckdb.DuckDBPyConnection, folder: DataFolder) -> list[Valued]:
    """Every month's end at which a model is in force, ascending: that of its quarter, unless what came since was not what
    it expected; then that of the history up to the month's end.

    Raises:
        LogDamaged: the kept models are not what was written.
    """
    found: list[Valued] = []
    for quarter, ends in itertools.groupby(history.complete_months(connection), history.quarter_of):
        if history.shortcoming(history.extent(connection, quarter), quarter) is None:
            found += _of_quarter(connection, folder, quarter, list(ends))
    return found


def _of_quarter(
    connection: duckdb.DuckDBPyConnection, folder: DataFolder, quarter: dt.date, ends: list[dt.date]
) -> list[Valued]:
    try:
        fitted = in_force(connection, folder, quarter)
    except FitError:
        return []
    # all of them first: another fit leaves other histories behind
    found = [Valued(end, fitted, *_since_fit(connection, fitted, end)) for end in ends]
    return [one for month in found if (one := _foretelling(connection, folder, month)) is not None]


def _foretelling(connection: duckdb.DuckDBPyConnection, folder: DataFolder, month: Valued) -> Valued | None:
    """The month with its quarter's model where that still foretells, else with one fitted up to the month's end."""
    low, high = CALIBRATED
    if month.expected < ENOUGH_EXPECTED or low <= month.actual / month.expected <= high:
        return month
    try:
        return Valued(month.end, in_force(connection, folder, month.end), 0.0, 0)
    except FitError:
        return None


def _since_fit(connection: duckdb.DuckDBPyConnection, fitted: Fitted, end: dt.date) -> tuple[float, int]:
    """Expected and actual purchase days since the model was fitted, of those who were customers then."""
    if fitted.fitted_before >= end:
        return 0.0, 0
    bins = compare(connection, fitted.bg_nbd, history.groups(connection), fitted.fitted_before, end)
    return sum(one.expected for one in bins), sum(one.actual for one in bins)


def write(connection: duckdb.DuckDBPyConnection, valued: list[Valued], annual_discount: float) -> None:
    """Fill `lifetime_value.months` (a row per month's end) and `lifetime_value.customer_months` (per customer, too)."""
    for fitted, months in itertools.groupby(valued, lambda one: one.fitted):
        months = list(months)
        ends = [one.end for one in months]
        scoring.write_months(connection, fitted.bg_nbd, fitted.gamma_gamma, fitted.basis, ends, annual_discount)
        for one in months:
            share = scoring.value_at_risk(connection, one.end)["one_time_share"]
            model = [one.end, fitted.name, fitted.fitted_before, fitted.basis, *fitted.bg_nbd, *fitted.gamma_gamma]
            row = [*model, round(one.expected, 6), one.actual, share]
            connection.execute(f"insert into lifetime_value.months values ({', '.join('?' for _ in row)})", row)
