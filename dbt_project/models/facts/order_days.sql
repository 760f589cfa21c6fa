-- Days on which a known customer bought something that counts. Grain: one row per customer, day, unit and channel.
select
    customer_no,
    order_day,
    org_unit_id,
    channel,
    bool_or(is_weak) as is_weak,
    max(ordered_at) as last_ordered_at
from {{ ref('orders') }}
where is_counting and customer_no is not null
group by customer_no, order_day, org_unit_id, channel
