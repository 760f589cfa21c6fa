{#- The one shape of all KPIs: rows per sampling unit become cells of period × org node × slice with exact sums.
    How depends on the KPI's `adds` (its YAML twin says which):
      flow            Σ per sampling unit within the cell, then the six numbers
      latest, anchor  one row per sampling unit and cell, the one of the greatest place, or with `keeps: first` of the least
      once, as_of     a sampling unit has one row, so all numbers add; a state's quarter and year are their last month's
    Slice `all` exists for every node and period, the slices that the twin names for companies and departments, months
    and quarters. -#}
{% macro kpi_cells(kpi_id) -%}
{%- if kpi_meta(kpi_id).get('adds') in ('once', 'as_of') -%}
{{ cells_of_single_rows(kpi_id) }}
{%- else -%}
{{ cells_of_repeated_rows(kpi_id) }}
{%- endif -%}
{%- endmacro %}

{#- Cells of a KPI whose sampling units have many rows: what each unit has in the cell comes first. One cell set after the
    other, because each holds every sampling unit in memory. -#}
{% macro cells_of_repeated_rows(kpi_id) -%}
{%- set kpi = kpi_meta(kpi_id) -%}
{%- set slices = kpi.get('slices', []) -%}
select * from (
    with sliced as materialized ({{ sliced_rows(ref(kpi_id), slices) }})
    {% for dimensions in [[], slices] %}
    {%- set outer = loop %}
    {%- for period, dimension in cell_sets(dimensions) %}
    {%- set key = ['node_id', period] + ([dimension] if dimension else []) %}
    select
        '{{ kpi_id }}' as kpi_id,
        node_id as org_unit_id,
        '{{ period | replace('_start', '') }}' as period_kind,
        {{ period }} as period_start,
        '{{ dimension or 'all' }}' as slice_dimension,
        {{ dimension or "'all'" }} as slice_value,
        count(*) as n,
        count(*) filter (where is_weak) as n_weak,
        cast(sum(x) as decimal(38, 9)) as sum_x,
        cast(sum(y) as decimal(38, 9)) as sum_y,
        cast(sum(x * x) as double) as sum_xx,
        cast(sum(x * y) as double) as sum_xy,
        cast(sum(y * y) as double) as sum_yy,
        cast(max(x) as double) as max_x
    from (
        select
            {{ key | join(', ') }},
            bool_or(is_weak) as is_weak,
            {%- if kpi.get('adds') in ('latest', 'anchor') %}
            max(x) as x,
            -- place and y (between -1 and 2) in one number, so that the whole order decides
            {{ 'min' if kpi.get('keeps') == 'first' else 'max' }}(4 * place + y + 1) % 4 - 1 as y
            {%- else %}
            cast(sum(x) as {{ summed_type(kpi_id, 'x') }}) as x,
            cast(sum(y) as {{ summed_type(kpi_id, 'y') }}) as y
            {%- endif %}
        from ({{ placed_rows(kpi_id, 'sliced', dimensions) }}) as placed
        group by {{ key | join(', ') }}, sampling_unit
    ) as units
    group by {{ key | join(', ') }}
    having sum(x) > 0
    {{ 'union all' if not (loop.last and outer.last) }}
    {%- endfor %}
    {%- endfor %}
) as repeated_rows
{%- endmacro %}

{#- Cells of a KPI whose sampling units have one row each: everything adds, so the rows of a leaf unit, day and slices
    are summed before they are placed. -#}
{% macro cells_of_single_rows(kpi_id) -%}
{%- set slices = kpi_meta(kpi_id).get('slices', []) -%}
select * from (
    with leaves as (
        select
            org_unit_id,
            event_day,
            path_day,
            {{ slices | join(', ') }},
            count(*) as n,
            count(*) filter (where is_weak) as n_weak,
            sum(x) as sum_x,
            sum(y) as sum_y,
            sum(x * x) as sum_xx,
            sum(x * y) as sum_xy,
            sum(y * y) as sum_yy,
            max(x) as max_x
        from ({{ sliced_rows(ref(kpi_id), slices) }}) as unit_rows
        group by org_unit_id, event_day, path_day, {{ slices | join(', ') }}
    )
    {% for dimensions in [[], slices] %}
    select
        '{{ kpi_id }}' as kpi_id,
        node_id as org_unit_id,
        {{ cell_key(dimensions) }},
        cast(sum(n) as bigint) as n,
        cast(sum(n_weak) as bigint) as n_weak,
        cast(sum(sum_x) as decimal(38, 9)) as sum_x,
        cast(sum(sum_y) as decimal(38, 9)) as sum_y,
        cast(sum(sum_xx) as double) as sum_xx,
        cast(sum(sum_xy) as double) as sum_xy,
        cast(sum(sum_yy) as double) as sum_yy,
        cast(max(max_x) as double) as max_x
    from ({{ placed_rows(kpi_id, 'leaves', dimensions) }}) as placed
    group by grouping sets ({{ grouping_sets(dimensions) }})
    -- a state has no quarter or year but in their last month
    having sum(sum_x) > 0 and coalesce(month_start, quarter_start{{ '' if dimensions else ', year_start' }}) is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
) as single_rows
{%- endmacro %}

{#- Rows, once per org node above them, with the starts of their periods; sliced ones below companies and departments. -#}
{% macro placed_rows(kpi_id, rows, dimensions) -%}
{%- set is_state = kpi_meta(kpi_id).get('adds') == 'as_of' -%}
select
    paths.ancestor_id as node_id,
    {{ rows }}.*,
    cast(date_trunc('month', {{ rows }}.event_day) as date) as month_start,
    {%- for kind, months in [('quarter', 3), ('year', 12)] if not (dimensions and kind == 'year') %}
    {%- if is_state %}
    case when extract(month from {{ rows }}.event_day) % {{ months }} = 0 then cast(date_trunc('{{ kind }}', {{ rows }}.event_day) as date) end
    {%- else %}
    cast(date_trunc('{{ kind }}', {{ rows }}.event_day) as date)
    {%- endif %} as {{ kind }}_start{{ ',' if not loop.last }}
    {%- endfor %}
from {{ rows }}
inner join {{ ref('unit_paths') }} as paths
    on {{ rows }}.org_unit_id = paths.org_unit_id
    and {{ rows }}.path_day >= paths.day_from
    and {{ rows }}.path_day < paths.day_to
{%- if dimensions %}
where paths.ancestor_id in (select org_unit_id from {{ ref('org_units') }} where kind in ('company', 'department'))
{%- endif %}
{%- endmacro %}

{#- Pairs of period and slice (or none) for which there are cells. -#}
{% macro cell_sets(dimensions) -%}
{%- set sets = [] -%}
{%- for period in (['month_start', 'quarter_start'] if dimensions else ['month_start', 'quarter_start', 'year_start']) -%}
{%- for dimension in (dimensions or [none]) -%}
{%- do sets.append((period, dimension)) -%}
{%- endfor -%}
{%- endfor -%}
{{ return(sets) }}
{%- endmacro %}

{% macro grouping_sets(dimensions) -%}
{%- for period, dimension in cell_sets(dimensions) -%}
(node_id, {{ period }}{{ ', ' ~ dimension if dimension }}){{ ', ' if not loop.last }}
{%- endfor -%}
{%- endmacro %}

{#- Period kind and start, slice dimension and value from the one column of each that is not null. -#}
{% macro cell_key(dimensions) -%}
    case
        when month_start is not null then 'month'
        when quarter_start is not null then 'quarter'
        else 'year'
    end as period_kind,
    coalesce(month_start, quarter_start{{ '' if dimensions else ', year_start' }}) as period_start,
    {%- if dimensions %}
    case {% for dimension in dimensions %}when {{ dimension }} is not null then '{{ dimension }}' {% endfor %}end as slice_dimension,
    coalesce({{ dimensions | join(', ') }}) as slice_value
    {%- else %}
    'all' as slice_dimension,
    'all' as slice_value
    {%- endif %}
{%- endmacro %}

{#- Type of a sampling unit's sum: as exact as the row's. -#}
{% macro summed_type(kpi_id, column) -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == kpi_id -%}
        {%- set row_type = node.columns[column].data_type -%}
        {{ return('bigint' if row_type == 'integer' else row_type) }}
    {%- endfor -%}
{%- endif -%}
{{ return('bigint') }}
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
    'active_members',
    'ces_effort',
    'complaint_csat',
    'complaint_rate',
    'csat_t2b',
    'fcr',
    'first_response',
    'new_to_repeat',
    'nps_relationship',
    'nps_touchpoint',
    'promo_dependence',
    'repurchase_90d',
    'retention_rolling',
]) }}
{%- endmacro %}
