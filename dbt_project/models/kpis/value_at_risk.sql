-- How much of last year's earnings rests on customers who have probably left. Grain: one row per month and customer who
-- has bought on two days or more and brought something in the 365 days before the month's end; x and y are money.
-- Of one-time buyers the model cannot say that they left: they are in neither sum.
select
    m.customer_no,
    cast(m.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(m.ends_on - interval 1 day as date) as event_day,
    cast(m.ends_on - interval 1 day as date) as path_day,
    h.org_unit_id,
    h.channel,
    m.earned_365d as x,
    cast(case when m.p_alive < 0.5 then m.earned_365d else 0 end as decimal(18, 4)) as y
from {{ source('lifetime_value', 'customer_months') }} as m
inner join {{ ref('home_units') }} as h on m.customer_no = h.customer_no and m.ends_on = h.on_day
inner join {{ ref('profiles') }} as p on m.customer_no = p.customer_no
where m.repeat_days > 0 and m.earned_365d > 0
