-- What else a cell says than its value. Grain: one row per cell of kpi_values that is not hidden and measure.
--   largest_share  part of the denominator that the largest sampling unit holds, rounded up to twentieths, because exactly it
--                  would tell what one customer bought: above 0.05 an interval of kind `ratio` rests on few customers
--   breakage       what the KPI leaves of 100 %, where its twin names it so
--   control_value, control_n, control_gap  customers like those of the cell, how many they are worth, and how far apart
--   median, p90    how long it took, in business hours or seconds (the twin's duration_unit), of the KPIs whose rows carry a
--                  duration; no value where those who still wait are so many that the quantile lies among them
--   share          part of slice `all`'s denominator, where the slice is a mix: reasons of contact, sources of new customers
with shown as (
    select kpi_id, org_unit_id, period_kind, period_start, slice_dimension, slice_value
    from {{ ref('kpi_values') }}
    where status <> 'hidden'
),

measured as (
    select
        c.kpi_id, c.org_unit_id, c.period_kind, c.period_start, c.slice_dimension, c.slice_value,
        'largest_share' as measure,
        ceil(round(20 * c.max_x / cast(c.sum_x as double), 9)) / 20 as value,
        cast(null as double) as ci_low,
        cast(null as double) as ci_high
    from {{ ref('kpi_cells') }} as c
    inner join {{ ref('kpis') }} as k on c.kpi_id = k.kpi_id and k.interval = 'ratio'
    union all
    select
        d.kpi_id, d.org_unit_id, d.period_kind, d.period_start, d.slice_dimension, d.slice_value,
        d.measure,
        cast(d.microseconds as double) / r.duration_microseconds as value,
        null as ci_low,
        null as ci_high
    from {{ ref('kpi_durations') }} as d
    inner join {{ ref('kpi_rules') }} as r on d.kpi_id = r.kpi_id
    union all
    select
        c.kpi_id, c.org_unit_id, c.period_kind, c.period_start, c.slice_dimension, c.slice_value,
        'share' as measure,
        cast(c.sum_x as double) / cast(w.sum_x as double) as value,
        null as ci_low,
        null as ci_high
    from {{ ref('kpi_cells') }} as c
    inner join {{ ref('kpi_cells') }} as w
        on c.kpi_id = w.kpi_id
        and c.org_unit_id = w.org_unit_id
        and c.period_kind = w.period_kind
        and c.period_start = w.period_start
        and w.slice_dimension = 'all'
    -- beside a hidden whole a share would give it away
    inner join shown as s
        on w.kpi_id = s.kpi_id
        and w.org_unit_id = s.org_unit_id
        and w.period_kind = s.period_kind
        and w.period_start = s.period_start
        and w.slice_dimension = s.slice_dimension
    where c.slice_dimension in ('purpose', 'acquisition_source')
    union all
    select
        v.kpi_id, v.org_unit_id, v.period_kind, v.period_start, v.slice_dimension, v.slice_value,
        r.complement as measure,
        100 - v.value as value,
        100 - v.ci_high as ci_low,
        100 - v.ci_low as ci_high
    from {{ ref('kpi_values') }} as v
    inner join {{ ref('kpi_rules') }} as r on v.kpi_id = r.kpi_id and r.complement is not null
    where v.status <> 'hidden'
    union all
    select
        kpi_id, org_unit_id, period_kind, period_start, 'all' as slice_dimension, 'all' as slice_value,
        measure, value, ci_low, ci_high
    from {{ ref('complaint_controls_beside') }}
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
    round(m.ci_low, 9) as ci_low,
    round(m.ci_high, 9) as ci_high
from measured as m
inner join shown as s
    on m.kpi_id = s.kpi_id
    and m.org_unit_id = s.org_unit_id
    and m.period_kind = s.period_kind
    and m.period_start = s.period_start
    and m.slice_dimension = s.slice_dimension
    and m.slice_value = s.slice_value
