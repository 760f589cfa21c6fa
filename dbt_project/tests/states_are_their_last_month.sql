-- A state at a period's end is never summed over months: quarter and year must equal their last month.
select l.kpi_id, l.org_unit_id, l.period_kind, l.period_start, l.sum_x, m.sum_x as last_month_x
from {{ ref('kpi_cells') }} as l
inner join {{ ref('kpis') }} as k on l.kpi_id = k.kpi_id and k.adds = 'as_of'
inner join {{ ref('periods') }} as p on l.period_kind = p.period_kind and l.period_start = p.period_start
left join {{ ref('kpi_cells') }} as m
    on l.kpi_id = m.kpi_id and l.org_unit_id = m.org_unit_id and m.period_kind = 'month'
    and l.slice_dimension = m.slice_dimension and l.slice_value = m.slice_value
    and m.period_start = {{ add_months('p.period_end', -1) }}
where
    l.period_kind <> 'month'
    and (m.sum_x is distinct from l.sum_x or m.sum_y is distinct from l.sum_y or m.n is distinct from l.n)
