-- How much of what is sold needs a campaign or a coupon. Grain: one row per order that counts; x and y are money.
select
    customer_no,
    sampling_unit,
    is_weak,
    order_day as event_day,
    order_day as path_day,
    org_unit_id,
    channel,
    net_sales as x,
    cast(case when is_promoted then net_sales else 0 end as decimal(18, 4)) as y
from {{ ref('orders') }}
where is_counting
