{#- Sampling units with several rows in a cell, which macros/kpi_cells.sql has counted once per row: CTEs up to
    `corrections`, by cell what such units have less what their rows have. What a unit has follows the KPI's `adds`:
      flow            Σ of its rows within the cell
      latest, anchor  the row of the greatest place, or with `keeps: first` of the least
    Nearly every unit has one value per slice throughout a period and so is corrected by it as a whole; only those with
    several are summed slice by slice. -#}
{% macro repeated_units(kpi_id, bundles) -%}
{#- Few rows share a month in a small unit: each kind is looked for among those that share the longer one. -#}
{%- for kind in ['year', 'quarter', 'month'] %}
    {%- set period = kind ~ '_start' %}
    {%- set rows = 'placed' if loop.first else 'repeated_by_' ~ loop.previtem %}
    repeated_by_{{ kind }} as materialized (
        select r.*
        from {{ rows }} as r
        inner join (
            select node_no, sampling_unit, {{ period }}
            from {{ rows }}
            group by node_no, sampling_unit, {{ period }}
            having count(*) > 1
        ) as k on r.node_no = k.node_no and r.sampling_unit = k.sampling_unit and r.{{ period }} = k.{{ period }}
    ),

    units_by_{{ kind }} as materialized (
        select
            node_no,
            sampling_unit,
            {{ period }},
            {%- if kind != 'year' %}
            {%- for bundle in bundles %}
            min({{ bundle.key }}) as {{ bundle.key }},
            max({{ bundle.key }}) as last_{{ bundle.key }},
            {%- endfor %}
            {%- endif %}
            {{ unit_numbers(kpi_id) }}
        from repeated_by_{{ kind }}
        group by node_no, sampling_unit, {{ period }}
    ),
    {% endfor %}

    corrections as (
        {% for kind in ['year', 'quarter', 'month'] %}
        {%- set period = kind ~ '_start' %}
        select node_no, {{ cell_key(kind, period, []) }}, {{ numbers(kpi_id) }}
        from units_by_{{ kind }}
        group by node_no, {{ period }}
        union all
        select node_no, {{ cell_key(kind, period, []) }}, {{ negative() }}
        from (
            select node_no, {{ period }}, {{ numbers(kpi_id) }}
            from repeated_by_{{ kind }}
            group by node_no, {{ period }}
        ) as taken
        {%- for bundle in bundles if kind != 'year' %}
        union all
        {{ sliced_corrections(kpi_id, kind, bundle) }}
        {%- endfor %}
        {{ 'union all' if not loop.last }}
        {% endfor %}
    )
{%- endmacro %}

{% macro sliced_corrections(kpi_id, kind, bundle) -%}
{%- set period, key, dimensions = kind ~ '_start', bundle.key, bundle.dimensions -%}
select node_no, {{ cell_key(kind, period, dimensions) }}, {{ added() }}
        from (
            select node_no, {{ period }}, {{ key }}, {{ numbers(kpi_id) }}
            from units_by_{{ kind }}
            where {{ key }} = last_{{ key }}
            group by node_no, {{ period }}, {{ key }}
            union all
            select node_no, {{ period }}, {{ key }}, {{ negative() }}
            from (
                select node_no, {{ period }}, {{ key }}, {{ numbers(kpi_id) }}
                from repeated_by_{{ kind }}
                group by node_no, {{ period }}, {{ key }}
            ) as taken
        ) as whole
        inner join words_of_{{ key }} using ({{ key }})
        group by {{ cell_sets(period, dimensions) }}
        union all
        select node_no, {{ cell_key(kind, period, dimensions) }}, {{ numbers(kpi_id) }}
        from (
            select node_no, {{ period }}, {{ dimensions | join(', ') }}, {{ unit_numbers(kpi_id) }}
            from (
                select r.*, {{ dimensions | join(', ') }}
                from repeated_by_{{ kind }} as r
                semi join (
                    select node_no, sampling_unit, {{ period }}
                    from units_by_{{ kind }}
                    where {{ key }} <> last_{{ key }}
                ) as u on r.node_no = u.node_no and r.sampling_unit = u.sampling_unit and r.{{ period }} = u.{{ period }}
                inner join words_of_{{ key }} as w on r.{{ key }} = w.{{ key }}
            ) as changing
            group by {% if dimensions | length > 1 %}grouping sets (
                {%- for dimension in dimensions %}(node_no, {{ period }}, {{ dimension }}, sampling_unit){{ ', ' if not loop.last }}{% endfor %}
            ){% else %}node_no, {{ period }}, {{ dimensions[0] }}, sampling_unit{% endif %}
        ) as units
        group by node_no, {{ period }}, {{ dimensions | join(', ') }}
{%- endmacro %}

{#- A unit's one x and y from all its rows. -#}
{% macro unit_numbers(kpi_id) -%}
{%- set kpi = kpi_meta(kpi_id) -%}
bool_or(is_weak) as is_weak,
            {%- if kpi.get('adds') in ('latest', 'anchor') %}
            {%- set extreme = 'min' if kpi.get('keeps') == 'first' else 'max' %}
            max(x) as x,
            {%- if summed_type(kpi_id, 'y') == 'bigint' %}
            -- place and y (between -1 and 2) in one number, so that the whole order decides
            {{ extreme }}(4 * place + y + 1) % 4 - 1 as y
            {%- else %}
            {{ extreme }}({ 'place': place, 'y': y }).y as y
            {%- endif %}
            {%- else %}
            cast(sum(x) as {{ summed_type(kpi_id, 'x') }}) as x,
            cast(sum(y) as {{ summed_type(kpi_id, 'y') }}) as y
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
