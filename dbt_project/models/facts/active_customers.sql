-- Who was active when retention starts to be measured. Grain: one row per complete month (by the day after it, ends_on)
-- and customer with an order day in the 90 days ending 90 days before; is_retained says whether one followed in those 90.
-- A customer's last order day before home_day finds its months: at most four begin so soon after it.
with candidates as (
    select
        d.customer_no,
        d.order_day,
        d.next_order_day,
        {{ add_months("cast(date_trunc('month', d.order_day + interval 90 day) as date)", 'k.months') }} as ends_on
    from {{ ref('customer_days') }} as d
    cross join (values (1), (2), (3), (4)) as k (months)
),

dated as (
    select *, cast(ends_on - interval 90 day as date) as home_day from candidates
)

select
    d.ends_on,
    d.home_day,
    d.customer_no,
    d.order_day,
    case when d.next_order_day < d.ends_on then 1 else 0 end as is_retained
from dated as d
inner join {{ ref('periods') }} as p on d.ends_on = p.period_end and p.period_kind = 'month' and p.is_complete
where
    d.order_day < d.home_day
    and d.order_day >= d.home_day - interval 90 day
    and (d.next_order_day is null or d.next_order_day >= d.home_day)
