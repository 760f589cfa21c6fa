-- sqlfluff:ignore:parsing
-- Exact sums for every KPI. Grain: one row per KPI, org node (with all below it), period and slice.
{{ slices_depend_on() }}
{%- for kpi_id in all_kpis() %}
{{ kpi_cells(kpi_id, sliced=false) }}
union all
{{ kpi_cells(kpi_id, sliced=true) }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
