-- Rows that were fit to use, of all that were delivered. Grain: one row per dataset, as it stands at the run; dated within
-- the newest month, so that a company sees the present state only.
with newest as (
    select
        r.org_unit_id,
        least(
            cast(max(p.period_end) - interval 1 day as date), cast(max({{ company_day('clock.as_of') }}) - interval 1 day as date)
        ) as event_day
    from {{ ref('periods') }} as p
    cross join {{ source('config', 'settings') }} as clock
    cross join {{ ref('unit_root') }} as r
    where p.period_kind = 'month'
    group by r.org_unit_id
),

counted as (
    select dataset, sum(received - duplicate) as received, sum(quarantined) as quarantined
    from {{ source('bookkeeping', 'deliveries') }}
    where status in ('loaded', 'unreadable')
    group by dataset
)

select
    cast(null as integer) as customer_no,
    {{ sampling_unit('null', "'dataset|' || c.dataset") }} as sampling_unit,
    false as is_weak,
    n.event_day,
    n.event_day as path_day,
    n.org_unit_id,
    c.dataset as item,
    cast(c.received as bigint) as x,
    cast(c.received - c.quarantined as bigint) as y
from counted as c
cross join newest as n
where c.received > 0
