-- Members who bought or took part in the last 30 days of the month. Grain: one row per month and member.
select
    m.customer_no,
    cast(m.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(m.ends_on - interval 1 day as date) as event_day,
    cast(m.ends_on - interval 1 day as date) as path_day,
    h.org_unit_id,
    h.channel,
    1 as x,
    m.is_active as y
from {{ ref('member_months') }} as m
inner join {{ ref('home_units') }} as h on m.customer_no = h.customer_no and m.ends_on = h.on_day
inner join {{ ref('profiles') }} as p on m.customer_no = p.customer_no
