"""Rows per sampling unit to cells: every period, every org unit with all below it, every slice."""

from datetime import date

import polars as pl

from .catalogue import CATALOGUE, Kpi
from .facts import Facts
from .periods import MONTHS, Period

CELL = ["org_unit_id", "period_kind", "period_start", "slice_dimension", "slice_value"]
SLICED_KINDS = ("month", "quarter")
SLICED_UNITS = ("company", "department")
# The k-th smallest of n, k = ⌈n·tenths/10⌉, counted from nought.
_QUANTILES = {"median": 5, "p90": 9}


def cells(rows: dict[str, pl.DataFrame], facts: Facts, calendar: list[Period], today: date) -> pl.DataFrame:
    """The six numbers of each cell with Σx > 0, the greatest unit's x, how many units are weak, and the quantiles.

    Slice `all` exists for every unit and period, the others for the company and its departments as they are today, by
    month and quarter.
    """
    large = [
        unit
        for unit in {facts.tree.root, *facts.tree.known}
        if (facts.tree.version(unit, today) or {"kind": "company"})["kind"] in SLICED_UNITS
    ]
    found = []
    for name, frame in rows.items():
        kpi_id, _, item = name.partition("/")
        kpi = CATALOGUE[kpi_id]
        slices = (item,) if item else [one for one in kpi.slices if one in frame.columns]
        spread = facts.tree.paths(frame)
        coarse = spread.filter(pl.col("org_unit_id").is_in(large))
        whole = spread.with_columns(all=pl.lit("all"))
        parts = [] if item else [_sums(whole, kpi, "all", kind, calendar) for kind in MONTHS]
        parts += [_sums(coarse, kpi, one, kind, calendar) for one in slices for kind in SLICED_KINDS]
        found.append(pl.concat(parts).with_columns(kpi_id=pl.lit(kpi_id)))
    return pl.concat(found, how="diagonal").filter(pl.col("sum_x") > 0)


def _sums(spread: pl.DataFrame, kpi: Kpi, dimension: str, kind: str, calendar: list[Period]) -> pl.DataFrame:
    known = pl.DataFrame(
        [(period.start, period.end) for period in calendar if period.kind == kind],
        schema={"period_start": pl.Date, "period_end": pl.Date},
        orient="row",
    )
    start = pl.col("day").dt.truncate({"month": "1mo", "quarter": "1q", "year": "1y"}[kind])
    dated = spread.with_columns(period_start=start).join(known, on="period_start")
    if kpi.state:  # a quarter's and a year's state is that of their last month
        dated = dated.filter(pl.col("day").dt.offset_by("1d") == pl.col("period_end"))
    cell = ["org_unit_id", "period_start", "slice_value"]
    dated = dated.rename({dimension: "slice_value"})
    if "order" in dated.columns:  # one row per unit and cell, the last
        dated = dated.sort("order").unique([*cell, "sampling_unit"], keep="last", maintain_order=True)
    units = dated.group_by(*cell, "sampling_unit").agg(
        pl.col("x", "y").sum().cast(pl.Int128), weak=pl.col("is_weak").fill_null(False).any()
    )
    x, y = pl.col("x"), pl.col("y")
    sums = units.group_by(cell).agg(
        n=pl.len().cast(pl.Int64),
        sum_x=x.sum(),
        sum_y=y.sum(),
        sum_xx=(x * x).sum(),
        sum_xy=(x * y).sum(),
        sum_yy=(y * y).sum(),
        max_x=x.max(),
        weak=pl.col("weak").sum().cast(pl.Int64),
    )
    if "micros" in dated.columns:  # unanswered cases come last
        ranked = pl.col("micros").sort(nulls_last=True)
        place = {name: ((pl.len() * tenths + 9) // 10 - 1).cast(pl.Int64) for name, tenths in _QUANTILES.items()}
        found = dated.group_by(cell).agg(**{name: ranked.get(index) for name, index in place.items()})
        sums = sums.join(found, on=cell)
    return sums.with_columns(period_kind=pl.lit(kind), slice_dimension=pl.lit(dimension))
