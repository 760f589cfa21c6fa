-- Orders of which it is certain whose they are: the record behind them bears a card, an account, a union id or a verified
-- telephone or e-mail. Grain: one row per order that was not cancelled.
select
    customer_no,
    sampling_unit,
    is_weak,
    order_day as event_day,
    order_day as path_day,
    org_unit_id,
    channel,
    1 as x,
    case when is_recognised then 1 else 0 end as y
from {{ ref('orders') }}
where status <> 'cancelled'
