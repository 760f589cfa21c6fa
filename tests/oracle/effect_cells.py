"""Effects of actions to cells: gains, costs and variances add up over actions, in every period and unit."""

from datetime import date
from math import sqrt

import polars as pl
from scipy.stats import t

from .catalogue import EFFECTS, MONEY
from .effects import Action
from .facts import Facts
from .periods import MONTHS, Period, period_of
from .published import KPI_VALUES

_SUMS = {"gain": 0, "cost": 0, "variance": 0.0, "parts": 0.0, "n": 0}


def effect_values(
    actions: dict[str, list[Action]], facts: Facts, calendar: list[Period], today: date, known: set[str]
) -> pl.DataFrame:
    """Rows of kpi_values; without an interval where nothing varies, hidden where an arm is too small."""
    rows = []
    starts = {(period.kind, period.start) for period in calendar}
    for kpi_id, found in actions.items():
        cells: dict[tuple, dict] = {}
        for action in found if kpi_id in known else ():
            for node in facts.tree.path(action.leaf, action.day):
                for kind in MONTHS:
                    cell = cells.setdefault((node, kind, period_of(kind, action.day).start), dict(_SUMS))
                    for name in _SUMS:
                        cell[name] += getattr(action, name)
        rows += [
            (kpi_id, *key, "all", "all", *_value(kpi_id, cell), _status(kpi_id, cell, key, today))
            for key, cell in cells.items()
            if key[1:] in starts
        ]
    return pl.DataFrame(rows, schema=KPI_VALUES, orient="row")


def _status(kpi_id: str, cell: dict, key: tuple, today: date) -> str:
    if cell["n"] < EFFECTS[kpi_id].shown_floor:
        return "hidden"
    return "shown" if period_of(key[1], key[2]).end <= today else "provisional"


def _value(kpi_id: str, cell: dict) -> tuple:
    """n, numerator, denominator, value, low, high and the share of weak units (none are asked for)."""
    if cell["n"] < EFFECTS[kpi_id].shown_floor:
        return (None,) * 7
    freedom = cell["variance"] ** 2 / cell["parts"] if cell["parts"] else None
    half = float(t.ppf(0.975, freedom)) * sqrt(cell["variance"]) if freedom else None
    around = (-half, half) if half is not None else None
    if kpi_id == "programme_roi":
        y, x = cell["gain"], cell["cost"]
        bounds = [100 * ((y + part) / x - 1) for part in around] if around else (None, None)
        return cell["n"], y / MONEY, x / MONEY, 100 * (y / x - 1), *bounds, 0.0
    net = cell["gain"] - cell["cost"]
    bounds = [(net + part) / MONEY for part in around] if around else (None, None)
    return cell["n"], net / MONEY, 1.0, net / MONEY, *bounds, 0.0
