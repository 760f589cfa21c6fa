"""Suggested first targets for KPIs without an agreement, from the unit's own usual course."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from scorecard_app.queries import Queries, Row

MONTHS, LEAST = 12, 6


@dataclass(frozen=True)
class Suggestion:
    """Threshold: the usual month. Target: what one month in four reached. Stretch: the best month of the baseline."""

    kpi_id: str
    months: int
    threshold: float
    target: float
    stretch: float


def suggest(months: Sequence[Row], kpi: Row) -> Suggestion | None:
    """A suggestion from the last twelve complete months that are large enough to be scored.

    None with fewer than six of them, for guardrails, for KPIs that are best within a band, and where no month differed from another.
    """
    if kpi.get("is_guardrail"):
        return None
    size = "denominator" if kpi["floor_basis"] == "x" else "n"
    usable = [row["value"] for row in months if row["status"] == "shown" and (row[size] or 0) >= kpi["scored_floor"]][
        -MONTHS:
    ]
    if len(usable) < LEAST or kpi["direction"] not in ("higher", "lower"):
        return None
    low, middle, high = quantiles(usable, n=4, method="inclusive")
    target, stretch = (high, max(usable)) if kpi["direction"] == "higher" else (low, min(usable))
    if target == middle:
        return None
    return Suggestion(kpi["kpi_id"], len(usable), middle, target, stretch)


def suggestions(data: Queries, unit: str, agreed: set[str]) -> list[Suggestion]:
    """One for each KPI that is measured at the unit without an agreed target and has a baseline."""
    kpis = data.kpis()
    months: dict[str, list[Row]] = {}
    for row in data.rows(
        "from kpi_values where org_unit_id = $unit and period_kind = 'month' and slice_dimension = 'all' "
        "order by kpi_id, period_start",
        unit=unit,
    ):
        months.setdefault(row["kpi_id"], []).append(row)
    found = [suggest(rows, kpis[kpi_id]) for kpi_id, rows in months.items() if kpi_id in kpis and kpi_id not in agreed]
    return [one for one in found if one]
