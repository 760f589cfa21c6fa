{#- Quantiles of the column `duration` in every cell of a KPI. -#}
{% macro kpi_durations(kpi_id) -%}
{%- set slices = kpi_meta(kpi_id).get('slices', []) -%}
select * from (
    with placed as (
        select p.ancestor_no as node_no, s.*
        from ({{ sliced_rows(ref(kpi_id), slices) }}) as s
        inner join {{ ref('unit_paths') }} as p
            on s.org_unit_id = p.org_unit_id and s.path_day >= p.day_from and s.path_day < p.day_to
    ),

    quantiles as (
        {% for kind in ['month', 'quarter', 'year'] %}
        {%- for dimensions in [[], slices] if not (dimensions and kind == 'year') %}
        {{ 'union all' if not (loop.first and kind == 'month') }}
        select
            node_no,
            {{ cell_key(kind, 'period_start', dimensions) }},
            {{ quantile('coalesce(duration, ' ~ for_ever() ~ ')', 0.5) }} as median_microseconds,
            {{ quantile('coalesce(duration, ' ~ for_ever() ~ ')', 0.9) }} as p90_microseconds
        from (select *, cast(date_trunc('{{ kind }}', event_day) as date) as period_start from placed) as dated
        {%- if dimensions %}
        where node_no in ({{ large_nodes() }})
        {%- endif %}
        group by {{ cell_sets('period_start', dimensions) }}
        {%- endfor %}
        {%- endfor %}
    )

    select
        '{{ kpi_id }}' as kpi_id,
        nodes.ancestor_id as org_unit_id,
        q.period_kind,
        q.period_start,
        q.slice_dimension,
        q.slice_value,
        q.median_microseconds,
        q.p90_microseconds
    from quantiles as q
    inner join (select distinct ancestor_no, ancestor_id from {{ ref('unit_paths') }}) as nodes on q.node_no = nodes.ancestor_no
) as durations
{%- endmacro %}

{% macro for_ever() %}9223372036854775807{% endmacro %}

{#- Whether a KPI's rows carry a duration, by its YAML twin. -#}
{% macro kpi_has_duration(kpi_id) -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == kpi_id -%}
        {{ return('duration' in node.columns) }}
    {%- endfor -%}
{%- endif -%}
{{ return(true) }}
{%- endmacro %}
