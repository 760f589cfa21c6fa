-- What happened in a quarter or year is what happened in its months: for flows the sums of both must agree exactly,
-- slice by slice. (n and the squares need not: months share customers.)
with flows as (
    select c.*
    from {{ ref('kpi_cells') }} as c
    inner join {{ ref('kpis') }} as k on c.kpi_id = k.kpi_id
    where k.adds in ('flow', 'once')
),

months as (
    select * from flows where period_kind = 'month'
),

longer as (
    select f.*, p.period_end
    from flows as f
    inner join {{ ref('periods') }} as p on f.period_kind = p.period_kind and f.period_start = p.period_start
    where f.period_kind <> 'month'
)

select
    l.kpi_id, l.org_unit_id, l.period_kind, l.period_start, l.slice_dimension, l.slice_value, l.sum_x,
    sum(m.sum_x) as months_x
from longer as l
left join months as m
    on l.kpi_id = m.kpi_id and l.org_unit_id = m.org_unit_id
    and l.slice_dimension = m.slice_dimension and l.slice_value = m.slice_value
    and m.period_start >= l.period_start and m.period_start < l.period_end
group by
    l.kpi_id, l.org_unit_id, l.period_kind, l.period_start, l.slice_dimension, l.slice_value, l.sum_x, l.sum_y
-- a month with complaints but no order has no cell, so the months may hold fewer complaints, never more
having l.sum_x <> coalesce(sum(m.sum_x), 0) or l.sum_y < coalesce(sum(m.sum_y), 0)
