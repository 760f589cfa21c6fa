{#- Quantiles of the column `duration` in every cell of a KPI. -#}
{% macro kpi_durations(kpi_id, sliced) -%}
{%- set dimensions = kpi_meta(kpi_id).get('slices', []) if sliced else [] -%}
select
    '{{ kpi_id }}' as kpi_id,
    node_id as org_unit_id,
    {{ cell_key(dimensions) }},
    {{ quantile('coalesce(duration, ' ~ for_ever() ~ ')', 0.5) }} as median_microseconds,
    {{ quantile('coalesce(duration, ' ~ for_ever() ~ ')', 0.9) }} as p90_microseconds
from ({{ placed_rows(kpi_id, 'unit_rows', ref(kpi_id), dimensions) }}) as placed
group by grouping sets ({{ cell_sets(dimensions, ['node_id']) }})
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
