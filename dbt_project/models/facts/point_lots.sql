-- Points as they were earned, as pieces of one line per customer: a lot lies between points_before and points_to. Grain: one
-- row per earn event of a customer.
select
    source_system,
    event_id,
    customer_no,
    occurred_at,
    event_day as earned_day,
    points,
    cast(sum(points) over so_far as decimal(38, 4)) - points as points_before,
    cast(sum(points) over so_far as decimal(38, 4)) as points_to
from {{ ref('loyalty_events') }}
where event_type = 'earn' and points > 0
window so_far as (
    partition by customer_no
    order by occurred_at, source_system, event_id
    rows between unbounded preceding and current row
)
