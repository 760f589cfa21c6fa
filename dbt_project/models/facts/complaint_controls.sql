-- Customers with whom complainers are compared: those who had bought in the 365 days before the first of a month and
-- complained neither in them nor in the month, and whether they bought in the 90 days after its first. Grain: one row per
-- month and customer. Without the month its complainers would be compared with themselves.
-- Of many customers every k-th will do, by their number, which follows customer_key.
with spacing as (
    select greatest(1, count(*) // 20000) as step from {{ ref('profiles') }}
),

months as (
    select distinct cast(date_trunc('month', closed_day) as date) as month_start from {{ ref('complaint_closures') }}
),

bought as (
    select
        m.month_start,
        d.customer_no,
        {{ bought_around('m.month_start', 'd.order_day') }}
    from months as m
    cross join spacing as s
    inner join {{ ref('customer_days') }} as d on d.customer_no % s.step = 0
    group by m.month_start, d.customer_no
)

select b.*
from bought as b
where
    b.order_days_before > 0
    and not exists (
        select 1
        from {{ ref('cases') }} as c
        where
            c.kind = 'complaint'
            and c.customer_no = b.customer_no
            and c.opened_day < {{ add_months('b.month_start', 1) }}
            and c.opened_day >= b.month_start - interval 365 day
    )
