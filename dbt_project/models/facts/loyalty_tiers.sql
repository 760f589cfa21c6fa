-- The tier in which a customer begins a day. Grain: one row per customer and interval of days [day_from, day_to).
-- The last enrol, leave or tier_change before the day decides.
select
    customer_no,
    case when event_type = 'leave' then 'none' else coalesce(tier_to, 'member') end as loyalty_tier,
    cast(event_day + interval 1 day as date) as day_from,
    coalesce(
        cast(
            lead(event_day) over (partition by customer_no order by occurred_at, source_system, event_id)
            + interval 1 day as date
        ),
        date '9999-12-31'
    ) as day_to
from {{ ref('loyalty_events') }}
where event_type in ('enrol', 'leave', 'tier_change')
