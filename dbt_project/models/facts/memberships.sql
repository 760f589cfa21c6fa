-- When a customer begins the day as a member. Grain: one row per customer and interval of days [day_from, day_to).
with turns as (
    select
        customer_no,
        event_type,
        cast(event_day + interval 1 day as date) as day_from,
        coalesce(
            cast(
                lead(event_day) over (partition by customer_no order by occurred_at, source_system, event_id)
                + interval 1 day as date
            ),
            date '9999-12-31'
        ) as day_to
    from {{ ref('loyalty_events') }}
    where event_type in ('enrol', 'leave')
)

select customer_no, day_from, day_to
from turns
where event_type = 'enrol' and day_from < day_to
