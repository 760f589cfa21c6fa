-- For whom and when a home unit is needed. Grain: one row per customer and day.
select customer_no, responded_day as on_day
from {{ ref('survey_answers') }}
where customer_no is not null and occasion = 'relationship'
union
select customer_no, home_day as on_day
from {{ ref('active_customers') }}
union
select customer_no, ends_on as on_day
from {{ ref('member_months') }}
