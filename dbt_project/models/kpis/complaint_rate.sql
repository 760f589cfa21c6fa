-- Complaints against the orders of the same time and unit. Grain: one row per order that counts and per complaint issue.
select
    customer_no,
    sampling_unit,
    is_weak,
    order_day as event_day,
    order_day as path_day,
    org_unit_id,
    channel,
    1 as x,
    0 as y
from {{ ref('orders') }}
where is_counting
union all
select
    customer_no,
    sampling_unit,
    is_weak,
    opened_day as event_day,
    opened_day as path_day,
    org_unit_id,
    channel,
    0 as x,
    1 as y
from {{ ref('complaint_issues') }}
