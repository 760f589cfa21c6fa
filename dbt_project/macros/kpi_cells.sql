{#- The one shape of all KPIs: rows per sampling unit become cells of period × org node with six exact sums.
    How depends on the KPI's `adds` (its YAML twin says which):
      flow, once      Σ per sampling unit within the cell, then the six numbers
      latest, anchor  one row per sampling unit and cell, the greatest (ranked_at, ranked_by)
      as_of           a state at month's end; quarter and year are their last month's, never sums over months -#}
{% macro kpi_cells(kpi_id) -%}
{%- set adds = kpi_meta(kpi_id).get('adds', 'flow') -%}
select
    '{{ kpi_id }}' as kpi_id,
    org_unit_id,
    period_kind,
    period_start,
    'all' as slice_dimension,
    'all' as slice_value,
    count(*) as n,
    count(*) filter (where is_weak) as n_weak,
    cast(sum(x) as bigint) as sum_x,
    cast(sum(y) as bigint) as sum_y,
    cast(sum(x * x) as bigint) as sum_xx,
    cast(sum(x * y) as bigint) as sum_xy,
    cast(sum(y * y) as bigint) as sum_yy
from (
    select
        paths.ancestor_id as org_unit_id,
        periods.period_kind,
        periods.period_start,
        unit_rows.sampling_unit,
        {%- if adds in ('latest', 'anchor') %}
        unit_rows.is_weak,
        unit_rows.x,
        unit_rows.y,
        row_number() over (
            partition by periods.period_kind, periods.period_start, paths.ancestor_id, unit_rows.sampling_unit
            order by unit_rows.ranked_at desc, unit_rows.ranked_by desc
        ) as place
        {%- else %}
        bool_or(unit_rows.is_weak) as is_weak,
        sum(unit_rows.x) as x,
        sum(unit_rows.y) as y,
        1 as place
        {%- endif %}
    from {{ ref(kpi_id) }} as unit_rows
    inner join {{ ref('unit_paths') }} as paths
        on unit_rows.org_unit_id = paths.org_unit_id
        and unit_rows.path_day >= paths.day_from
        and unit_rows.path_day < paths.day_to
    inner join {{ ref('periods') }} as periods
        {%- if adds == 'as_of' %}
        on unit_rows.event_day + interval 1 day = periods.period_end and periods.is_complete
        {%- else %}
        on unit_rows.event_day >= periods.period_start and unit_rows.event_day < periods.period_end
        {%- endif %}
    {%- if adds not in ('latest', 'anchor') %}
    group by paths.ancestor_id, periods.period_kind, periods.period_start, unit_rows.sampling_unit
    {%- endif %}
) as units
where place = 1
group by org_unit_id, period_kind, period_start
having sum(x) > 0
{%- endmacro %}

{#- The `kpi` entry of a KPI's YAML twin; empty while dbt is still parsing. -#}
{% macro kpi_meta(kpi_id) -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == kpi_id -%}
        {{ return(node.config.meta.kpi) }}
    {%- endfor -%}
    {{ exceptions.raise_compiler_error("No KPI model '" ~ kpi_id ~ "': add models/kpis/" ~ kpi_id ~ ".sql and its YAML twin") }}
{%- endif -%}
{{ return({}) }}
{%- endmacro %}

{#- Every KPI of the catalogue, sorted. A new KPI adds its two files and one line here. -#}
{% macro all_kpis() -%}
{{ return([
    'complaint_rate',
    'csat_t2b',
    'nps_relationship',
    'retention_rolling',
]) }}
{%- endmacro %}
