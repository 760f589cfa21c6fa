-- Median and 90th percentile of how long things took, for every KPI whose rows carry a duration; whoever still waits
-- counts as waiting for ever. Grain: one row per KPI, cell and measure; microseconds is null where that is for ever.
{{ config(materialized='table') }}
{{ slices_depend_on() }}
with quantiles as (
    {%- for kpi_id in all_kpis() if kpi_has_duration(kpi_id) %}
    {{ kpi_durations(kpi_id) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

long as (
    select *, 'median' as measure, median_microseconds as microseconds from quantiles
    union all
    select *, 'p90' as measure, p90_microseconds as microseconds from quantiles
)

select
    kpi_id,
    org_unit_id,
    period_kind,
    period_start,
    slice_dimension,
    slice_value,
    measure,
    case when microseconds < {{ for_ever() }} then microseconds end as microseconds
from long
