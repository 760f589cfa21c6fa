-- What customers are expected to bring in the twelve months after the month. Grain: one row per month and customer with an
-- order before its end; y is money. Valued by the model that was in force then (orchestration/lifetime_value/months.py).
select
    m.customer_no,
    cast(m.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(m.ends_on - interval 1 day as date) as event_day,
    cast(m.ends_on - interval 1 day as date) as path_day,
    h.org_unit_id,
    h.channel,
    1 as x,
    m.value_12m as y
from {{ source('lifetime_value', 'customer_months') }} as m
inner join {{ ref('home_units') }} as h on m.customer_no = h.customer_no and m.ends_on = h.on_day
inner join {{ ref('profiles') }} as p on m.customer_no = p.customer_no
