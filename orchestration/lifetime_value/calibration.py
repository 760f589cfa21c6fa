"""Does the model foretell what was not shown to it? Expected against actual purchase days of the last half year."""

import datetime as dt
from dataclasses import dataclass

import duckdb
import numpy as np

from orchestration.lifetime_value import history, purchases

HOLDOUT_DAYS = 182
FEWEST_IN_A_BIN = 30
MOST_BINS = 8


@dataclass(frozen=True)
class Bin:
    """Customers who had between so many repeats, and what they then bought; purchase days."""

    repeats_from: int
    repeats_to: int
    customers: int
    expected: float
    actual: int


def against_holdout(connection: duckdb.DuckDBPyConnection, before: dt.date) -> list[Bin]:
    """Fit on all but the last half year before a day, and compare what that model expects with what happened.

    Leaves the histories of the fit in `lifetime_histories`.

    Raises:
        FitError: as `purchases.fit`.
    """
    start = before - dt.timedelta(days=HOLDOUT_DAYS)
    history.load_histories(connection, [start], "net_sales")
    groups = history.groups(connection)
    return compare(connection, purchases.fit(groups), groups, start, before)


def compare(
    connection: duckdb.DuckDBPyConnection,
    model: purchases.BgNbd,
    groups: purchases.Groups,
    start: dt.date,
    end: dt.date,
) -> list[Bin]:
    """What the model expects of the customers in `lifetime_histories` (as of `start`) until `end`, and what they did."""
    weeks = (end - start).days / 7
    expected = groups.customers * purchases.expected_purchases(model, groups.x, groups.t_x, groups.age, weeks)
    actual = history.purchases_between(connection, start, end)
    customers = np.bincount(groups.x, weights=groups.customers)
    by_repeats = np.bincount(groups.x, weights=expected)
    return _bins(
        [
            Bin(repeats, repeats, int(customers[repeats]), float(by_repeats[repeats]), actual.get(repeats, 0))
            for repeats in np.flatnonzero(customers).tolist()
        ]
    )


def _bins(single: list[Bin]) -> list[Bin]:
    """Neighbours together until each bin has customers enough to say something, and to hide everyone in it."""
    bins: list[Bin] = []
    for one in single:
        if bins and (bins[-1].customers < FEWEST_IN_A_BIN or len(bins) == MOST_BINS):
            bins[-1] = _joined(bins[-1], one)
        else:
            bins.append(one)
    if len(bins) > 1 and bins[-1].customers < FEWEST_IN_A_BIN:
        bins[-2:] = [_joined(*bins[-2:])]
    return bins


def _joined(left: Bin, right: Bin) -> Bin:
    return Bin(
        left.repeats_from,
        right.repeats_to,
        left.customers + right.customers,
        left.expected + right.expected,
        left.actual + right.actual,
    )
