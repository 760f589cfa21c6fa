"""A KPI's monthly series as charts draw it: cells, the target in force, the limits of its usual course."""

from datetime import date

from scorecard_app.queries import Queries, Row


def monthly(data: Queries, kpi_id: str, unit: str, measured_unit: str) -> list[Row]:
    """Monthly cells of a KPI where it is measured, oldest first, with the unit's target and the XmR limits."""
    return data.rows(
        "select v.period_start, v.value, v.ci_low, v.ci_high, v.n, v.numerator, v.denominator, v.status, s.target, "
        "g.centre, g.lower_limit, g.upper_limit, g.baseline_points, g.signal "
        "from kpi_values as v "
        "left join scorecards as s on s.kpi_id = v.kpi_id and s.org_unit_id = $unit "
        "and s.period_kind = 'month' and s.period_start = v.period_start "
        "left join kpi_signals as g on g.kpi_id = v.kpi_id and g.org_unit_id = v.org_unit_id "
        "and g.period_start = v.period_start "
        "where v.kpi_id = $kpi and v.org_unit_id = $measured and v.period_kind = 'month' "
        "and v.slice_dimension = 'all' order by v.period_start",
        kpi=kpi_id, unit=unit, measured=measured_unit,
    )  # fmt: skip


def month_to_date(data: Queries, unit_of: dict[str, str]) -> dict[str, tuple[Row | None, Row]]:
    """Per KPI its last complete month, if it has one, and the open month beside it.

    Args:
        data: The published version.
        unit_of: Where each KPI is measured: kpi_id → org unit.
    """
    rows = data.rows(
        "from kpi_values where period_kind = 'month' and slice_dimension = 'all' and org_unit_id in (select unnest($units)) "
        "and status in ('shown', 'provisional') "
        "qualify row_number() over (partition by kpi_id, org_unit_id, status order by period_start desc) = 1 "
        "order by kpi_id, org_unit_id, status desc",
        units=tuple(sorted(set(unit_of.values()))),
    )  # fmt: skip
    newest: dict[tuple[str, str], Row] = {
        (row["kpi_id"], row["status"]): row for row in rows if unit_of.get(row["kpi_id"]) == row["org_unit_id"]
    }
    return {
        kpi_id: (newest.get((kpi_id, "shown")), row)
        for (kpi_id, status), row in newest.items()
        if status == "provisional"
    }


def sliced(data: Queries, kpi_id: str, unit: str, dimension: str) -> dict[str, list[Row]]:
    """Monthly cells of a KPI by slice value, each oldest first; values with no number at all are left out."""
    rows = data.rows(
        "from kpi_values where kpi_id = $kpi and org_unit_id = $unit and period_kind = 'month' "
        "and slice_dimension = $dimension order by slice_value, period_start",
        kpi=kpi_id, unit=unit, dimension=dimension,
    )  # fmt: skip
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["slice_value"], []).append(row)
    return {value: months for value, months in found.items() if any(row["value"] is not None for row in months)}


def dimensions(data: Queries, kpi_id: str, unit: str) -> list[str]:
    """The slices that a KPI has at a unit, those with most numbers first."""
    rows = data.rows(
        "select slice_dimension, count(value) as numbers from kpi_values where kpi_id = $kpi and org_unit_id = $unit "
        "and slice_dimension != 'all' group by slice_dimension having count(value) > 0 "
        "order by numbers desc, slice_dimension",
        kpi=kpi_id, unit=unit,
    )  # fmt: skip
    return [row["slice_dimension"] for row in rows]


def around(
    data: Queries, kpi_id: str, unit: str, dimension: str, day: date
) -> dict[str, tuple[Row | None, Row | None]]:
    """Per slice value the last whole quarter before a day and the first whole quarter after it."""
    rows = data.rows(
        "from kpi_values where kpi_id = $kpi and org_unit_id = $unit and period_kind = 'quarter' "
        "and slice_dimension = $dimension and status = 'shown' order by slice_value, period_start",
        kpi=kpi_id, unit=unit, dimension=dimension,
    )  # fmt: skip
    quarter = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    found: dict[str, tuple[Row | None, Row | None]] = {}
    for row in rows:
        before, after = found.get(row["slice_value"], (None, None))
        if row["period_start"] < quarter:
            before = row
        elif row["period_start"] > quarter and after is None:
            after = row
        found[row["slice_value"]] = (before, after)
    return {value: pair for value, pair in found.items() if pair[0] and pair[1]}
