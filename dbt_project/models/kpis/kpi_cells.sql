-- Exact sums for every KPI. Grain: one row per KPI, org node (with all below it), period and slice.
{{ config(materialized='table_in_parts') }}
{{ slices_depend_on() }}
-- depends_on: {{ ref('periods') }}
{%- for kpi_id in all_kpis() %}
{{ kpi_cells(kpi_id) }}
{%- if not loop.last %}
-- next part
union all
{%- endif %}
{%- endfor %}
