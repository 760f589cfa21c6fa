-- When each customer bought again. Grain: one row per customer and order day; the last has no next_order_day.
with days as (
    select distinct customer_no, order_day from {{ ref('order_days') }}
)

select
    customer_no,
    order_day,
    lead(order_day) over (partition by customer_no order by order_day) as next_order_day
from days
