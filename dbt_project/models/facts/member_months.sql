-- Members at each month's end and whether they did anything in its last 30 days. Grain: one row per complete month
-- (by the day after it, ends_on) and member. Members are older than the orders that were delivered: months of whose last
-- 30 days not all orders are known are left out, or they would look asleep.
with history as (
    select coalesce(max(s.history_starts_on), min(f.order_day)) as starts_on
    from {{ source('config', 'settings') }} as s
    left join {{ ref('first_orders') }} as f on true
),

month_ends as (
    select p.period_end as ends_on
    from {{ ref('periods') }} as p
    cross join history as h
    where
        p.period_kind = 'month' and p.is_complete
        and p.period_end - interval 30 day >= coalesce(h.starts_on, p.period_end - interval 30 day)
),

members as (
    select distinct customer_no from {{ ref('memberships') }}
),

active_days as (
    select d.customer_no, d.order_day as active_day
    from {{ ref('customer_days') }} as d
    inner join members as m on d.customer_no = m.customer_no
    union
    select e.customer_no, e.event_day as active_day
    from {{ ref('loyalty_events') }} as e
    inner join members as m on e.customer_no = m.customer_no
    where
        e.event_type in (
            'redeem', 'benefit_use', 'check_in', 'share', 'review', 'content', 'community', 'referral', 'challenge'
        )
),

active as (
    select distinct m.ends_on, d.customer_no
    from month_ends as m
    inner join active_days as d on d.active_day >= m.ends_on - interval 30 day and d.active_day < m.ends_on
)

select
    m.ends_on,
    s.customer_no,
    case when a.customer_no is null then 0 else 1 end as is_active
from month_ends as m
inner join {{ ref('memberships') }} as s on m.ends_on >= s.day_from and m.ends_on < s.day_to
left join active as a on m.ends_on = a.ends_on and s.customer_no = a.customer_no
