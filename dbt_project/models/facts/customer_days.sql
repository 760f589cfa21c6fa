-- Each customer's order days: when the next one came, and where the day's last order was. Grain: one row per customer and
-- order day; the last has no next_order_day.
with days as (
    select
        customer_no,
        order_day,
        -- the latest order decides, between orders of one moment the smaller name
        min({ 'at': -{{ microseconds('last_ordered_at') }}, 'place': org_unit_id }).place as last_org_unit_id,
        min({ 'at': -{{ microseconds('last_ordered_at') }}, 'place': channel }).place as last_channel
    from {{ ref('order_days') }}
    group by customer_no, order_day
)

select *, lead(order_day) over (partition by customer_no order by order_day) as next_order_day
from days
