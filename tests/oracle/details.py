"""What stands beside a value: quantiles, the greatest unit's share, breakage, a slice's part, and matched controls."""

from datetime import date

import polars as pl

from .catalogue import CATALOGUE
from .cells import CELL
from .complaints import control_details, controls
from .facts import Facts
from .intervals import ratio
from .periods import MONTHS
from .published import KPI_DETAILS, key_of, value_of

SHARED = ("purpose", "acquisition_source")


def kpi_details(cells: pl.DataFrame, complaints: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """A row per measure of every cell that is not hidden; a null quantile is one that nobody has reached."""
    whole = {
        (cell["kpi_id"], *(cell[name] for name in CELL[:3])): cell["sum_x"]
        for cell in cells.filter(pl.col("slice_dimension") == "all").iter_rows(named=True)
    }
    matched = _matched(complaints, facts)
    rows = []
    for cell in cells.iter_rows(named=True):
        kpi, key = CATALOGUE[cell["kpi_id"]], key_of(cell)
        if cell["n"] < kpi.shown_floor:
            continue
        if kpi.interval is ratio:
            rows.append((*key, "largest_share", -(-20 * cell["max_x"] // cell["sum_x"]) / 20, None, None))
        if kpi.quantile_parts:
            for measure in ("median", "p90"):
                found = None if cell[measure] is None else round(cell[measure] / kpi.quantile_parts, 9)
                rows.append((*key, measure, found, None, None))
        if cell["slice_dimension"] in SHARED:
            rows.append((*key, "share", cell["sum_x"] / whole[key[:4]], None, None))
        if cell["kpi_id"] == "points_redemption":
            _, _, _, value, low, high, _ = value_of(cell)
            rows.append((*key, "breakage", 100 - value, *(None if b is None else 100 - b for b in (high, low))))
        if cell["kpi_id"] == "post_complaint_retention" and cell["slice_dimension"] == "all":
            rows += [(*key, measure, *numbers) for measure, numbers in matched.get(key[1:4], {}).items()]
    return pl.DataFrame(rows, schema=KPI_DETAILS, orient="row").sort(*KPI_DETAILS)


def _matched(complaints: pl.DataFrame, facts: Facts) -> dict[tuple[str, str, date], dict]:
    """Per unit, period kind and start the details of its controls; `complaints`: rows of post_complaint_retention."""
    if complaints.is_empty():
        return {}
    likes = controls(complaints["month"].unique().sort().to_list(), facts)
    spread = facts.tree.paths(complaints)
    found = {}
    for kind in MONTHS:
        start = pl.col("day").dt.truncate({"month": "1mo", "quarter": "1q", "year": "1y"}[kind])
        dated = spread.with_columns(period_start=start).sort("order")
        kept = dated.unique(["org_unit_id", "period_start", "sampling_unit"], keep="last", maintain_order=True)
        for (unit, first), group in kept.group_by("org_unit_id", "period_start"):
            found[unit, kind, first] = control_details(group, likes)
    return found
