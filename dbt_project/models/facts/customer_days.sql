-- Each customer's order days: when the next one came, where the day's last order was, and what they brought up to then.
-- Grain: one row per customer and order day; the last has no next_order_day. A day's margin is known where all its
-- orders' is; priced_days, priced_sales and margin add such days up, day_no and net_sales all, each with the day itself.
with days as (
    select
        customer_no,
        order_day,
        -- the latest order decides, between orders of one moment the smaller name
        min({ 'at': -{{ microseconds('last_ordered_at') }}, 'place': org_unit_id }).place as last_org_unit_id,
        min({ 'at': -{{ microseconds('last_ordered_at') }}, 'place': channel }).place as last_channel,
        sum(net_sales) as net_sales,
        case when count(margin) = count(*) then sum(margin) end as margin
    from {{ ref('order_days') }}
    group by customer_no, order_day
)

select
    customer_no,
    order_day,
    last_org_unit_id,
    last_channel,
    lead(order_day) over later as next_order_day,
    cast(row_number() over later as integer) as day_no,
    cast(count(margin) over so_far as integer) as priced_days,
    cast(sum(net_sales) over so_far as decimal(18, 4)) as net_sales,
    cast(coalesce(sum(case when margin is not null then net_sales end) over so_far, 0) as decimal(18, 4)) as priced_sales,
    cast(coalesce(sum(margin) over so_far, 0) as decimal(18, 4)) as margin
from days
window
    later as (partition by customer_no order by order_day),
    so_far as (partition by customer_no order by order_day rows between unbounded preceding and current row)
