-- Days on which a known customer bought something that counts. Grain: one row per customer, day, unit and channel.
select
    customer_key,
    order_day,
    org_unit_id,
    channel,
    max(ordered_at) as last_ordered_at
from {{ ref('orders') }}
where is_counting and customer_key is not null
group by customer_key, order_day, org_unit_id, channel
