{#- Quantiles of the column `duration` in every cell of a KPI. -#}
{% macro kpi_durations(kpi_id) -%}
{%- set slices = kpi_meta(kpi_id).get('slices', []) -%}
select * from (
    with sliced as ({{ sliced_rows(ref(kpi_id), slices) }})
    {% for dimensions in [[], slices] %}
    select
        '{{ kpi_id }}' as kpi_id,
        node_id as org_unit_id,
        {{ cell_key(dimensions) }},
        {{ quantile('coalesce(duration, ' ~ for_ever() ~ ')', 0.5) }} as median_microseconds,
        {{ quantile('coalesce(duration, ' ~ for_ever() ~ ')', 0.9) }} as p90_microseconds
    from ({{ placed_rows(kpi_id, 'sliced', dimensions) }}) as placed
    group by grouping sets ({{ grouping_sets(dimensions) }})
    {{ 'union all' if not loop.last }}
    {% endfor %}
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
