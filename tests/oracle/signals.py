"""Monthly series on XmR charts: limits that stay, cut where a business action begins, and what stands out."""

from datetime import date
from itertools import pairwise
from statistics import fmean

import polars as pl

from .facts import Facts

KPI_SIGNALS = {
    "kpi_id": pl.String,
    "org_unit_id": pl.String,
    "period_start": pl.Date,
    "value": pl.Float64,
    "centre": pl.Float64,
    "lower_limit": pl.Float64,
    "upper_limit": pl.Float64,
    "baseline_points": pl.Int64,
    "signal": pl.String,
}
CUTTING = ("price_change", "service_policy", "programme_rule", "product_launch")
# The windows of neighbouring months overlap: only those enter that don't.
EVERY_THIRD_MONTH = ("retention_rolling", "core_retention")
# What a model makes of the whole history is no series of months.
NO_SERIES = ("cltv_12m", "value_at_risk")
BASELINE, ENOUGH, WIDTH, DECIMALS = 12, 6, 2.66, 9


def limits(values: list[float]) -> tuple[float, float, float] | None:
    """Centre, lower and upper limit of a baseline; None for fewer than six points."""
    if len(values) < ENOUGH:
        return None
    centre = fmean(values)
    moving = fmean(abs(after - before) for before, after in pairwise(values))
    reach = WIDTH * moving
    return round(centre, DECIMALS), round(centre - reach, DECIMALS), round(centre + reach, DECIMALS)


def signals(values: list[float], centre: float, lower: float, upper: float) -> list[str]:
    """What each point of a segment shows, in the order of the rules."""

    def nearer(value: float, limit: float) -> bool:
        return abs(value - limit) < abs(value - centre)

    found = []
    for i, value in enumerate(values):
        three, eight = values[max(0, i - 3) : i], values[max(0, i - 7) : i + 1]
        near = any(nearer(value, limit) and sum(nearer(v, limit) for v in three) >= 2 for limit in (lower, upper))
        one_side = all(v > centre for v in eight) or all(v < centre for v in eight)
        if value < lower or value > upper:
            found.append("outside")
        elif near:
            found.append("near_limit")
        else:
            found.append("run" if len(eight) == 8 and one_side else "none")
    return found


def kpi_signals(values: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """A row per complete, shown month of slice `all`, in the columns of the published kpi_signals."""
    months = values.filter(
        (pl.col("slice_dimension") == "all") & (pl.col("period_kind") == "month") & (pl.col("status") == "shown")
    ).filter(~pl.col("kpi_id").is_in(NO_SERIES))
    months = months.filter(~pl.col("kpi_id").is_in(EVERY_THIRD_MONTH) | (pl.col("period_start").dt.month() % 3 == 0))
    cuts = _cuts(facts)
    segments: dict[tuple[str, str, int], list[tuple[date, float]]] = {}
    for kpi_id, unit, start, value in (
        months.sort("period_start").select("kpi_id", "org_unit_id", "period_start", "value").iter_rows()
    ):
        number = sum(month <= start for month in cuts.get(unit, cuts[facts.tree.root]))
        segments.setdefault((kpi_id, unit, number), []).append((start, round(value, DECIMALS)))
    rows = []
    for (kpi_id, unit, _), points in segments.items():
        numbers = [value for _, value in points]
        found = limits(numbers[:BASELINE])
        shown = signals(numbers, *found) if found else [None] * len(points)
        for (start, value), signal in zip(points, shown, strict=True):
            limit = (*found, min(BASELINE, len(points))) if found else (None,) * 4
            rows.append((kpi_id, unit, start, value, *limit, signal))
    return pl.DataFrame(rows, schema=KPI_SIGNALS, orient="row").sort("kpi_id", "org_unit_id", "period_start")


def _cuts(facts: Facts) -> dict[str, set[date]]:
    """Per unit the months in which an action of its own, or of a unit above it on that day, began."""
    tree = facts.tree
    cuts: dict[str, set[date]] = {unit: set() for unit in (tree.root, *tree.known)}
    starting = facts.actions.filter(pl.col("action_type").is_in(CUTTING))
    for above, day in starting.select("owner", "starts").iter_rows():
        for unit, months in cuts.items():
            if above in tree.path(unit, day):
                months.add(day.replace(day=1))
    return cuts
