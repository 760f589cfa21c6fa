"""The few KPIs that the company watches, and each KPI's units side by side."""

from datetime import date

from scorecard_app.queries import Queries, Row
from scorecard_app.reading.tables import has_table


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
    """A KPI's cells at the units, in the units' order.

    Where the version compares them: ``low95`` … ``high999``, the funnel's limits at each unit's size, ``centre``, the
    value of all together, ``shrunk_value``, and ``comparison``, whether the difference survives all of them.
    """
    asked = {"kpi": kpi_id, "units": tuple(units), "kind": kind, "start": start}
    where = "kpi_id = $kpi and org_unit_id in (select unnest($units)) and period_kind = $kind and period_start = $start"
    cells = {
        row["org_unit_id"]: row
        for row in data.rows(f"from kpi_values where {where} and slice_dimension = 'all'", **asked)
    }
    if has_table(data, "kpi_comparisons"):
        limits = "lower_95 as low95, upper_95 as high95, lower_999 as low999, upper_999 as high999"
        for row in data.rows(
            f"select org_unit_id, centre, shrunk_value, verdict as comparison, {limits} from kpi_comparisons where {where}",
            **asked,
        ):
            if row["org_unit_id"] in cells:
                cells[row["org_unit_id"]] |= row
    return [cells[unit] for unit in units if unit in cells]
