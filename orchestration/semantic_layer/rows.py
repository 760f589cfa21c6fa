"""The SQL under the metrics: a KPI's rows with their slices and the org units above them, as the run sees them."""

from collections.abc import Mapping
from typing import Any

import jinja2

OF_CUSTOMER = ("tenure", "value_tier", "loyalty_tier", "region", "complainer", "campaign")
"""Slices that the main project's macros join; all others are columns of a KPI's rows."""

DAYS_SQL = """\
-- Every day from the first to the last period. Grain: one row per day.
select cast(unnest(generate_series(min(period_start), max(period_end), interval 1 day)) as date) as day
from loyalty.main.periods
"""


def levels_sql(levels: int) -> str:
    """SELECT of each unit's path from below the company down to itself, and the days in which it held.

    A unit above its leaves, such as a department, has no unit at the levels below it.
    """
    columns = "".join(
        f",\n    max(p.ancestor_id) filter (where d.depth = {level + 1}) as org_unit_level_{level}"
        for level in range(1, levels + 1)
    )
    return f"""\
-- The path above each unit. Grain: one row per unit and interval of days between two changes of the organisation.
with epochs as (
    select day_from, lead(day_from, 1, date '9999-12-31') over (order by day_from) as day_to
    from (select distinct day_from from loyalty.main.unit_paths)
),

depths as (
    select e.day_from, p.org_unit_id, count(*) as depth
    from epochs as e
    inner join loyalty.main.unit_paths as p on e.day_from >= p.day_from and e.day_from < p.day_to
    group by e.day_from, p.org_unit_id
)

select
    p.org_unit_id,
    e.day_from,
    e.day_to{columns}
from epochs as e
inner join loyalty.main.unit_paths as p on e.day_from >= p.day_from and e.day_from < p.day_to
inner join depths as d on e.day_from = d.day_from and p.ancestor_id = d.org_unit_id
group by p.org_unit_id, e.day_from, e.day_to
"""


def all_slices(kpis: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The dimensions by which any of these KPIs can be cut, sorted."""
    return sorted({name for kpi in kpis.values() for name in kpi.get("slices", [])})


def rows_sql(manifest: Mapping[str, Any], kpis: Mapping[str, Mapping[str, Any]], levels: int) -> str:
    """SELECT of the rows of all these KPIs; a slice that a KPI's twin does not name is null."""
    parts = [_rows_of(manifest, kpi_id, kpi, all_slices(kpis), levels) for kpi_id, kpi in kpis.items()]
    return "-- What counts in each KPI. Grain: one row per KPI and event.\n" + "union all\n".join(parts)


def _rows_of(
    manifest: Mapping[str, Any], kpi_id: str, kpi: Mapping[str, Any], dimensions: list[str], levels: int
) -> str:
    slices = kpi.get("slices", [])
    joined = [name for name in OF_CUSTOMER if name in slices]
    own = {name: f"cast(unit_rows.{name} as varchar)" for name in slices if name not in joined}
    nothing = dict.fromkeys(dimensions, "cast(null as varchar)")
    columns = {**nothing, **own, **{name: f"unit_rows.{name}" for name in joined}}
    listed = ",\n    ".join(f"{columns[name]} as {name}" for name in dimensions)
    placed = ",\n    ".join(f"levels.org_unit_level_{level}" for level in range(1, levels + 1))
    return f"""\
select
    '{kpi_id}' as kpi,
    unit_rows.event_day,
    {listed},
    {placed},
    unit_rows.sampling_unit,
    cast(unit_rows.x as decimal(38, 9)) as x,
    cast(unit_rows.y as decimal(38, 9)) as y
from (
    select unit_rows.*{", " if joined else ""}{_macro(manifest, "customer_slices", joined)}
    from (
        select *, cast(date_trunc('month', path_day) as date) as path_month
        from loyalty.main.{kpi_id}
    ) as unit_rows
    {_macro(manifest, "customer_slice_joins", joined)}
) as unit_rows
inner join {{{{ ref('unit_levels') }}}} as levels
    on unit_rows.org_unit_id = levels.org_unit_id
    and unit_rows.path_day >= levels.day_from
    and unit_rows.path_day < levels.day_to
"""


def _macro(manifest: Mapping[str, Any], name: str, dimensions: list[str]) -> str:
    """What a macro of the main project writes for these slices."""
    source = manifest["macros"][f"macro.loyalty.{name}"]["macro_sql"]
    template = jinja2.Environment().from_string(source, globals={"ref": lambda model: f"loyalty.main.{model}"})
    return str(getattr(template.module, name)(dimensions)).strip()
