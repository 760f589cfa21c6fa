-- Who was active when retention starts to be measured. Grain: one row per complete month and customer with an order
-- day in the 90 days ending 90 days before the month's end; is_retained says whether one followed in those 90 days.
with month_ends as (
    select period_end as ends_on, cast(period_end - interval 90 day as date) as home_day
    from {{ ref('periods') }}
    where period_kind = 'month' and is_complete
)

select
    m.ends_on,
    m.home_day,
    d.customer_key,
    max(case when d.order_day >= m.home_day then 1 else 0 end) as is_retained
from month_ends as m
inner join {{ ref('order_days') }} as d
    on d.order_day >= m.ends_on - interval 180 day and d.order_day < m.ends_on
group by m.ends_on, m.home_day, d.customer_key
having min(d.order_day) < m.home_day
