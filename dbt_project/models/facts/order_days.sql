-- Days on which a known customer bought something that counts. Grain: one row per customer, day, unit and channel.
-- The margin is known where all orders' costs are.
select
    customer_no,
    order_day,
    org_unit_id,
    channel,
    bool_or(is_weak) as is_weak,
    max(ordered_at) as last_ordered_at,
    cast(sum(net_sales) as decimal(18, 4)) as net_sales,
    case when count(margin) = count(*) then cast(sum(margin) as decimal(18, 4)) end as margin
from {{ ref('orders') }}
where is_counting and customer_no is not null
group by customer_no, order_day, org_unit_id, channel
