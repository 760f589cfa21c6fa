-- What else a cell says than its value. Grain: one row per cell of kpi_values that is not hidden and measure.
--   largest_share  part of the denominator that the largest sampling unit holds: above 0.05 an interval of kind `ratio`
--                  rests on few customers
--   median, p90    wait in business hours, of the KPIs whose rows carry a duration; no value where those who still wait
--                  are so many that the quantile lies among them
with shown as (
    select kpi_id, org_unit_id, period_kind, period_start, slice_dimension, slice_value
    from {{ ref('kpi_values') }}
    where status <> 'hidden'
),

measured as (
    select
        c.kpi_id, c.org_unit_id, c.period_kind, c.period_start, c.slice_dimension, c.slice_value,
        'largest_share' as measure,
        c.max_x / cast(c.sum_x as double) as value
    from {{ ref('kpi_cells') }} as c
    inner join {{ ref('kpis') }} as k on c.kpi_id = k.kpi_id and k.interval = 'ratio'
    union all
    select
        kpi_id, org_unit_id, period_kind, period_start, slice_dimension, slice_value,
        measure,
        microseconds / 3600000000.0 as value
    from {{ ref('kpi_durations') }}
)

select
    m.kpi_id,
    m.org_unit_id,
    m.period_kind,
    m.period_start,
    m.slice_dimension,
    m.slice_value,
    m.measure,
    round(m.value, 9) as value,
    cast(null as double) as ci_low,
    cast(null as double) as ci_high
from measured as m
inner join shown as s
    on m.kpi_id = s.kpi_id
    and m.org_unit_id = s.org_unit_id
    and m.period_kind = s.period_kind
    and m.period_start = s.period_start
    and m.slice_dimension = s.slice_dimension
    and m.slice_value = s.slice_value
