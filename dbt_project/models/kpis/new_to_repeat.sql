-- New customers who came back within 90 days. Grain: one row per customer, dated by the day its 90 days end.
-- In the first year of the history nobody is known to be new.
with history as (
    select coalesce(max(s.history_starts_on), min(f.order_day)) as starts_on
    from {{ ref('first_orders') }} as f
    cross join {{ source('config', 'settings') }} as s
)

select
    f.customer_no,
    cast(f.customer_no as bigint) as sampling_unit,
    f.is_weak,
    cast(f.order_day + interval 90 day as date) as event_day,
    f.order_day as path_day,
    f.org_unit_id,
    f.channel,
    1 as x,
    case when n.next_order_day <= f.order_day + interval 90 day then 1 else 0 end as y
from {{ ref('first_orders') }} as f
inner join {{ ref('customer_days') }} as n on f.customer_no = n.customer_no and f.order_day = n.order_day
cross join history as h
where f.order_day >= h.starts_on + interval 365 day and {{ is_over('f.order_day + interval 90 day') }}
