-- How many points a KPI may earn at most: 120, or what its YAML twin says. Grain: one row per KPI.
{%- for kpi_id in all_kpis() %}
-- depends_on: {{ ref(kpi_id) }}
select '{{ kpi_id }}' as kpi_id, cast({{ kpi_meta(kpi_id).get('attainment_cap', 120) }} as double) as attainment_cap
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
