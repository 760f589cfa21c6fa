-- The ends of a KPI's scale in the unit that is published, null where it has none: `natural_min` and `natural_max` of its
-- YAML twin. Grain: one row per KPI.
{%- for kpi_id in all_kpis() %}
-- depends_on: {{ ref(kpi_id) }}
select
    '{{ kpi_id }}' as kpi_id,
    cast({{ kpi_meta(kpi_id).get('natural_min', 'null') }} as double) as natural_min,
    cast({{ kpi_meta(kpi_id).get('natural_max', 'null') }} as double) as natural_max
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
