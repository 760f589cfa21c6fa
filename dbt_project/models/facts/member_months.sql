-- Members at each month's end and whether they did anything in its last 30 days. Grain: one row per complete month
-- (by the day after it, ends_on) and member.
with month_ends as (
    select period_end as ends_on from {{ ref('periods') }} where period_kind = 'month' and is_complete
),

active_days as (
    select customer_key, order_day as active_day from {{ ref('next_order_days') }}
    union
    select customer_key, event_day as active_day
    from {{ ref('loyalty_events') }}
    where
        event_type in (
            'redeem', 'benefit_use', 'check_in', 'share', 'review', 'content', 'community', 'referral', 'challenge'
        )
),

active as (
    select distinct m.ends_on, d.customer_key
    from month_ends as m
    inner join active_days as d on d.active_day >= m.ends_on - interval 30 day and d.active_day < m.ends_on
)

select
    m.ends_on,
    s.customer_key,
    case when a.customer_key is null then 0 else 1 end as is_active
from month_ends as m
inner join {{ ref('memberships') }} as s on m.ends_on >= s.day_from and m.ends_on < s.day_to
left join active as a on m.ends_on = a.ends_on and s.customer_key = a.customer_key
