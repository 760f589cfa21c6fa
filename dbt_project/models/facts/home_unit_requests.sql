-- For whom and when a home unit is needed, with the last order day before. Grain: one row per customer and day.
with valued_months as (
    -- where the history before its quarter is a year long, a month's end can have lifetime values
    select p.period_end as ends_on
    from {{ ref('periods') }} as p
    cross join (select min(order_day) as first_day from {{ ref('first_orders') }}) as h
    where
        p.period_kind = 'month'
        and p.is_complete
        and date_trunc('quarter', p.period_end) >= h.first_day + interval 365 day
),

asked as (
    select customer_no, responded_day as on_day
    from {{ ref('survey_answers') }}
    where
        customer_no is not null
        and (occasion = 'relationship' or measures in ('satisfaction_index', 'trust', 'benefit', 'cost'))
    union all
    select customer_no, cast(date_trunc('month', event_day) as date) as on_day
    from {{ ref('loyalty_events') }}
    where event_type in ('check_in', 'share', 'review', 'content', 'community', 'referral', 'challenge')
    union all
    select customer_no, ends_on as on_day
    from {{ ref('member_months') }}
    union all
    select customer_no, opened_day as on_day
    from {{ ref('complaint_closures') }}
    union all
    select customer_no, month_start as on_day
    from {{ ref('complaint_controls') }}
),

-- each order day is the last one before the days up to the next
answered as (
    select a.customer_no, a.on_day, d.order_day as last_order_day
    from asked as a
    left join {{ ref('customer_days') }} as d
        on a.customer_no = d.customer_no
        and a.on_day > d.order_day
        and a.on_day <= coalesce(d.next_order_day, date '9999-12-31')
    union all
    select customer_no, home_day as on_day, order_day as last_order_day
    from {{ ref('active_customers') }}
    union all
    select d.customer_no, m.ends_on as on_day, d.order_day as last_order_day
    from valued_months as m
    inner join {{ ref('customer_days') }} as d
        on m.ends_on > d.order_day and m.ends_on <= coalesce(d.next_order_day, date '9999-12-31')
)

-- once for all: a chain of unions would look for the same rows at every link
select distinct customer_no, on_day, last_order_day
from answered
