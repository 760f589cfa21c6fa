"""The customer's journey: each stage × KPI, and the touchpoints behind a stage's number."""

from datetime import date

from scorecard_app.queries import Queries, Row

# In the order in which customers pass them, as the landing contract names them.
STAGES = ("awareness", "search", "compare", "order", "receipt", "use", "problem", "repeat_recommend")


def stages(data: Queries, unit: str, kind: str, start: date) -> dict[tuple[str, str], Row]:
    """Cells by (stage, KPI), each with the unit's whole value as `overall`."""
    rows = data.rows(
        "select v.*, a.value as overall from kpi_values as v "
        "left join kpi_values as a on a.kpi_id = v.kpi_id and a.org_unit_id = v.org_unit_id "
        "and a.period_kind = v.period_kind and a.period_start = v.period_start and a.slice_dimension = 'all' "
        "where v.org_unit_id = $unit and v.period_kind = $kind and v.period_start = $start "
        "and v.slice_dimension = 'journey_stage' order by v.kpi_id, v.slice_value",
        unit=unit, kind=kind, start=start,
    )  # fmt: skip
    return {(row["slice_value"], row["kpi_id"]): row for row in rows}


def touchpoints(data: Queries, kpi_id: str, unit: str, kind: str, start: date) -> list[Row]:
    """A KPI's cells by touchpoint, the largest first, each with the unit's whole value as `overall`."""
    return data.rows(
        "select v.*, a.value as overall from kpi_values as v "
        "left join kpi_values as a on a.kpi_id = v.kpi_id and a.org_unit_id = v.org_unit_id "
        "and a.period_kind = v.period_kind and a.period_start = v.period_start and a.slice_dimension = 'all' "
        "where v.kpi_id = $kpi and v.org_unit_id = $unit and v.period_kind = $kind and v.period_start = $start "
        "and v.slice_dimension = 'touchpoint' order by v.n desc nulls last, v.slice_value",
        kpi=kpi_id, unit=unit, kind=kind, start=start,
    )  # fmt: skip


def leaning(cell: Row, direction: str) -> str:
    """Whether a part is better or worse than the whole: only where its interval is clear of the whole's value.

    Returns:
        ``better``, ``worse``, ``alike``, or ``unknown`` without a number or an interval.
    """
    low, high, overall = cell.get("ci_low"), cell.get("ci_high"), cell.get("overall")
    if low is None or high is None or overall is None or direction not in ("higher", "lower"):
        return "unknown"
    if low <= overall <= high:
        return "alike"
    return "better" if (low > overall) == (direction == "higher") else "worse"


def shortfalls(cells: list[Row], kpi: Row) -> list[tuple[str, float]]:
    """How many cases fell short at each part: what a Pareto chart counts.

    For shares only, whose numerator counts the good cases (higher is better) or the bad ones (lower is better);
    empty for KPIs of another kind.
    """
    if kpi["unit"] not in ("percent", "per_mille") or kpi["direction"] not in ("higher", "lower"):
        return []
    counts = [
        (row["slice_value"], row["numerator"] if kpi["direction"] == "lower" else row["denominator"] - row["numerator"])
        for row in cells
        if row["numerator"] is not None
    ]
    return [(value, float(count)) for value, count in counts if count > 0]
