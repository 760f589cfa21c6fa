"""What else a cell says than its value: median and P90 of waits, breakage, matched controls, the largest customer."""

from datetime import date

from scorecard_app.queries import Queries, Row
from scorecard_app.reading.tables import has_table

DURATIONS = ("median", "p90")
BESIDE = (*DURATIONS, "breakage", "control_value", "control_n", "control_gap", "largest_share")
LARGE = 0.05  # above it one customer bends the interval


def beside(data: Queries, kpi_id: str, unit: str, kind: str, start: date) -> dict[str, Row]:
    """A cell's measures by name, in the order in which they are told; without slices."""
    if not has_table(data, "kpi_details"):
        return {}
    rows = data.rows(
        "from kpi_details where org_unit_id = $unit and period_kind = $kind and period_start = $start "
        "and slice_dimension = 'all' order by kpi_id, measure",
        unit=unit, kind=kind, start=start,
    )  # fmt: skip
    found = {row["measure"]: row for row in rows if row["kpi_id"] == kpi_id}
    if found.get("largest_share") and (found["largest_share"]["value"] or 0) <= LARGE:
        del found["largest_share"]
    return {measure: found[measure] for measure in BESIDE if measure in found}


def by_part(data: Queries, kpi_id: str, unit: str, kind: str, start: date, dimension: str) -> dict[str, Row]:
    """Median, P90 and share of each part of a dimension: slice value → measure → value."""
    if not has_table(data, "kpi_details"):
        return {}
    found: dict[str, Row] = {}
    for row in data.rows(
        "from kpi_details where kpi_id = $kpi and org_unit_id = $unit and period_kind = $kind and period_start = $start "
        "and slice_dimension = $dimension and measure in ('median', 'p90', 'share') order by slice_value, measure",
        kpi=kpi_id, unit=unit, kind=kind, start=start, dimension=dimension,
    ):  # fmt: skip
        found.setdefault(row["slice_value"], {})[row["measure"]] = row["value"]
    return found


def durations(data: Queries, kpi_id: str, unit: str, since: date, until: date) -> list[Row]:
    """Median and P90 by month between two days, oldest first; an unknown one is None."""
    if not has_table(data, "kpi_details"):
        return []
    return data.rows(
        "select period_start, max(value) filter (where measure = 'median') as median, "
        "max(value) filter (where measure = 'p90') as p90 from kpi_details where kpi_id = $kpi and org_unit_id = $unit "
        "and period_kind = 'month' and slice_dimension = 'all' and measure in ('median', 'p90') "
        "and period_start >= $since and period_start < $until group by period_start order by period_start",
        kpi=kpi_id, unit=unit, since=since, until=until,
    )  # fmt: skip
