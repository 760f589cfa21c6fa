"""Cells to the rows of kpi_values."""

from datetime import date

import polars as pl

from .catalogue import CATALOGUE
from .cells import CELL
from .intervals import Sums
from .periods import period_of

_KEY = {
    "kpi_id": pl.String,
    "org_unit_id": pl.String,
    "period_kind": pl.String,
    "period_start": pl.Date,
    "slice_dimension": pl.String,
    "slice_value": pl.String,
}
_BOUNDS = {"ci_low": pl.Float64, "ci_high": pl.Float64}
KPI_VALUES = {
    **_KEY,
    "n": pl.Int64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    **_BOUNDS,
    "weak_share": pl.Float64,
    "status": pl.String,
}
KPI_DETAILS = {**_KEY, "measure": pl.String, "value": pl.Float64, **_BOUNDS}


def kpi_values(cells: pl.DataFrame, today: date) -> pl.DataFrame:
    """All cells in the columns of the published kpi_values; a cell below its floor keeps its key alone."""
    rows = [(*key_of(cell), *value_of(cell), _status(cell, today)) for cell in cells.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=KPI_VALUES, orient="row").sort(list(_KEY))


def key_of(cell: dict) -> tuple:
    """The published key of a cell."""
    return tuple(cell[name] for name in ("kpi_id", *CELL))


def _status(cell: dict, today: date) -> str:
    if cell["n"] < CATALOGUE[cell["kpi_id"]].shown_floor:
        return "hidden"
    return "shown" if period_of(cell["period_kind"], cell["period_start"]).end <= today else "provisional"


def value_of(cell: dict) -> tuple:
    """n, numerator, denominator, value, low, high, weak share; all null below the floor."""
    kpi = CATALOGUE[cell["kpi_id"]]
    if cell["n"] < kpi.shown_floor:
        return (None,) * 7
    sums = Sums(*(int(cell[name]) for name in ("n", "sum_x", "sum_y", "sum_xx", "sum_xy", "sum_yy")))
    parts = kpi.x_parts / kpi.y_parts

    def scaled(of_sums: float) -> float:
        return kpi.scale * (of_sums * parts + kpi.offset)

    low, high = map(scaled, kpi.interval(sums)) if sums.n > 1 and kpi.interval else (None, None)
    if kpi.bounds and low is not None and high is not None:
        lowest, highest = kpi.bounds
        low = low if lowest is None else max(lowest, low)
        high = high if highest is None else min(highest, high)
    value = scaled(sums.y / sums.x)
    return sums.n, sums.y / kpi.y_parts, sums.x / kpi.x_parts, value, low, high, cell["weak"] / sums.n
