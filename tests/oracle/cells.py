"""Rows per sampling unit to published cells: every period and every org unit with all below it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

import polars as pl

from .company import Company
from .intervals import Interval, Sums, adj_wald, poisson, wilson
from .kpis import Facts, complaint_rate, csat_t2b, nps_relationship, retention_rolling
from .units import month_starts

MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Kpi(NamedTuple):
    """A catalogue row, copied from the design by hand; `floor_counts` is what the scored floor is a number of."""

    scale: float
    shown_floor: int
    scored_floor: int
    floor_counts: str
    higher_is_better: bool
    interval: Callable[[Sums], Interval]


CATALOGUE = {
    "nps_relationship": Kpi(100.0, 5, 100, "n", True, adj_wald),
    "csat_t2b": Kpi(100.0, 5, 50, "n", True, wilson),
    "retention_rolling": Kpi(100.0, 5, 100, "n", True, wilson),
    "complaint_rate": Kpi(1000.0, 5, 1000, "denominator", False, poisson),
}
KPI_VALUES = {
    "kpi_id": pl.String,
    "org_unit_id": pl.String,
    "period_kind": pl.String,
    "period_start": pl.Date,
    "slice_dimension": pl.String,
    "slice_value": pl.String,
    "n": pl.Int64,
    "numerator": pl.Int64,
    "denominator": pl.Int64,
    "value": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "weak_share": pl.Float64,
    "status": pl.String,
}


@dataclass(frozen=True)
class Period:
    """A calendar period of company days, from `start` up to but not including `end`."""

    kind: str
    start: date
    end: date

    @property
    def last_month(self) -> date:
        return (self.end - timedelta(days=1)).replace(day=1)


def period_of(kind: str, day: date) -> Period:
    """The month, quarter or year that a day lies in."""
    months = MONTHS[kind]
    first = (day.month - 1) // months * months
    over = first + months
    return Period(kind, date(day.year, first + 1, 1), date(day.year + over // 12, over % 12 + 1, 1))


def periods(event_days: list[date]) -> list[Period]:
    """Every month, quarter and year that holds a day between the first and the last business event."""
    months = month_starts(event_days[0], event_days[-1]) if event_days else ()
    found = {period_of(kind, month) for month in months for kind in MONTHS}
    return sorted(found, key=lambda period: (period.kind, period.start))


def kpi_values(facts: Facts, questions: pl.DataFrame, company: Company, as_of: datetime) -> pl.DataFrame:
    """All cells of slice `all`, in the columns of the published kpi_values."""
    today = company.day(as_of)
    calendar = periods(facts.event_days)
    if not calendar:
        return pl.DataFrame(schema=KPI_VALUES)
    ends = [period.end for period in calendar if period.kind == "month" and period.end <= today]
    retention = retention_rolling(facts, ends)
    frames = [
        _cells("nps_relationship", _dated(nps_relationship(facts, questions)), facts),
        _cells("csat_t2b", _dated(csat_t2b(facts, questions)), facts),
        _cells("complaint_rate", _dated(complaint_rate(facts)), facts),
    ]
    if ends:
        last_months = pl.DataFrame(
            [(period.kind, period.start, period.last_month) for period in calendar if period.end <= today],
            schema={"period_kind": pl.String, "period_start": pl.Date, "month": pl.Date},
            orient="row",
        )
        frames.append(_cells("retention_rolling", retention.join(last_months, on="month").drop("month"), facts))
    rows = [
        _published(cell, today, period_of(cell["period_kind"], cell["period_start"]))
        for frame in frames
        for cell in frame.filter(pl.col("sum_x") > 0).iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=KPI_VALUES, orient="row").sort(
        "kpi_id", "org_unit_id", "period_kind", "period_start"
    )


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    """A row per period that the row's day lies in."""
    day = pl.col("on")
    starts = {"month": day.dt.truncate("1mo"), "quarter": day.dt.truncate("1q"), "year": day.dt.truncate("1y")}
    return pl.concat(
        [rows.with_columns(period_kind=pl.lit(kind), period_start=start) for kind, start in starts.items()]
    )


def _cells(kpi_id: str, rows: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The six numbers of each cell: x and y are brought together per sampling unit first."""
    cell = ["period_kind", "period_start", "org_unit_id"]
    spread = facts.tree.paths(rows)
    weak = pl.col("is_weak").fill_null(False).any()
    if "order" in spread.columns:  # one answer per unit and cell, the latest
        spread = spread.sort("order").unique([*cell, "sampling_unit"], keep="last", maintain_order=True)
    units = spread.group_by(*cell, "sampling_unit").agg(pl.col("x").sum(), pl.col("y").sum(), weak.alias("weak"))
    x, y = pl.col("x"), pl.col("y")
    return (
        units.group_by(cell)
        .agg(
            n=pl.len().cast(pl.Int64),
            sum_x=x.sum(),
            sum_y=y.sum(),
            sum_xx=(x * x).sum(),
            sum_xy=(x * y).sum(),
            sum_yy=(y * y).sum(),
            weak=pl.col("weak").sum().cast(pl.Int64),
        )
        .with_columns(kpi_id=pl.lit(kpi_id))
    )


def _published(cell: dict, today: date, period: Period) -> tuple:
    kpi = CATALOGUE[cell["kpi_id"]]
    named = (cell["kpi_id"], cell["org_unit_id"], cell["period_kind"], cell["period_start"], "all", "all")
    if cell["n"] < kpi.shown_floor:
        return (*named, None, None, None, None, None, None, None, "hidden")
    sums = Sums(cell["n"], cell["sum_x"], cell["sum_y"], cell["sum_xx"], cell["sum_xy"], cell["sum_yy"])
    low, high = (kpi.scale * bound for bound in kpi.interval(sums))
    value, weak_share = kpi.scale * sums.y / sums.x, cell["weak"] / sums.n
    status = "shown" if period.end <= today else "provisional"
    return (*named, sums.n, sums.y, sums.x, value, low, high, weak_share, status)
