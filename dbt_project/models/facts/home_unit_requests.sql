-- For whom and when a home unit is needed, with the last order day before. Grain: one row per customer and day.
with asked as (
    select customer_no, responded_day as on_day
    from {{ ref('survey_answers') }}
    where customer_no is not null and occasion = 'relationship'
    union
    select customer_no, ends_on as on_day
    from {{ ref('member_months') }}
)

select a.customer_no, a.on_day, max(d.order_day) as last_order_day
from asked as a
left join {{ ref('customer_days') }} as d on a.customer_no = d.customer_no and d.order_day < a.on_day
group by a.customer_no, a.on_day
union
select customer_no, home_day as on_day, order_day as last_order_day
from {{ ref('active_customers') }}
