-- Who bought again within 90 days, wherever. Grain: one row per customer, order day, unit and channel, dated by the day
-- its 90 days end; a cell keeps each customer's first order day.
select
    d.customer_no,
    cast(d.customer_no as bigint) as sampling_unit,
    d.is_weak,
    cast(d.order_day + interval 90 day as date) as event_day,
    d.order_day as path_day,
    d.org_unit_id,
    d.channel,
    {{ days_since_1970('d.order_day') }} as place,
    1 as x,
    case when n.next_order_day <= d.order_day + interval 90 day then 1 else 0 end as y
from {{ ref('order_days') }} as d
inner join {{ ref('customer_days') }} as n on d.customer_no = n.customer_no and d.order_day = n.order_day
where {{ is_over('d.order_day + interval 90 day') }}
