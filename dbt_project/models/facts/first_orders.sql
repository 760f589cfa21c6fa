-- Each customer's first purchase. Grain: one row per customer with an order that counts.
with first_days as (
    select customer_no, min(order_day) as order_day
    from {{ ref('order_days') }}
    group by customer_no
),

ranked as (
    select
        o.customer_no,
        o.is_weak,
        o.order_day,
        o.org_unit_id,
        o.channel,
        row_number() over (
            partition by o.customer_no order by o.ordered_at, o.source_system, o.order_id
        ) as place
    from {{ ref('orders') }} as o
    inner join first_days as f on o.customer_no = f.customer_no and o.order_day = f.order_day
    where o.is_counting
)

select customer_no, is_weak, order_day, org_unit_id, channel
from ranked
where place = 1
