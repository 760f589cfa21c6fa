"""The few KPIs that the company watches, and each KPI's units side by side."""

from datetime import date

from scorecard_app.queries import Queries, Row

LIMITS = ("funnel_low95", "funnel_high95", "funnel_low999", "funnel_high999")


def watched(data: Queries) -> list[Row]:
    """The catalogue's rows that name their place among the few, in that order."""
    kpis = data.kpis().values()
    return sorted((kpi for kpi in kpis if kpi.get("company_place")), key=lambda kpi: kpi["company_place"])


def comparable(data: Queries, units: list[str], kind: str, start: date) -> list[str]:
    """KPIs that at least two of the units have a value of in the period, in the catalogue's order."""
    rows = data.rows(
        "select kpi_id from kpi_values where org_unit_id in (select unnest($units)) and period_kind = $kind "
        "and period_start = $start and slice_dimension = 'all' and value is not null "
        "group by kpi_id having count(*) > 1 order by kpi_id",
        units=tuple(units), kind=kind, start=start,
    )  # fmt: skip
    return [row["kpi_id"] for row in rows]


def side_by_side(data: Queries, kpi_id: str, units: list[str], kind: str, start: date) -> list[Row]:
    """A KPI's cells at the units, in the units' order, with the funnel's limits where the version has them."""
    asked = {"kpi": kpi_id, "units": tuple(units), "kind": kind, "start": start}
    where = (
        "kpi_id = $kpi and org_unit_id in (select unnest($units)) and period_kind = $kind "
        "and period_start = $start and slice_dimension = 'all'"
    )
    cells = {row["org_unit_id"]: row for row in data.rows(f"from kpi_values where {where}", **asked)}
    for row in data.rows(f"from kpi_details where {where} and measure in {LIMITS}", **asked):
        if row["org_unit_id"] in cells:
            cells[row["org_unit_id"]][row["measure"].removeprefix("funnel_")] = row["value"]
    return [cells[unit] for unit in units if unit in cells]
