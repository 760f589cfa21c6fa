-- Who stayed after a complaint. Grain: one row per complaint case of a known customer who had bought in the year before it
-- was closed, dated 90 days later; a cell keeps each customer's last. The unit where the customer was at home when opening
-- it answers, in the tree of the day it was closed: it may have been open for as long as nobody looks back.
select
    c.customer_no,
    cast(c.customer_no as bigint) as sampling_unit,
    c.is_weak,
    cast(c.closed_day + interval 90 day as date) as event_day,
    c.closed_day as path_day,
    h.org_unit_id,
    c.channel,
    {{ days_since_1970('c.closed_day') }} as place,
    1 as x,
    case when c.is_active_after then 1 else 0 end as y
from {{ ref('complaint_closures') }} as c
inner join {{ ref('home_units') }} as h on c.customer_no = h.customer_no and c.opened_day = h.on_day
where {{ is_over('c.closed_day + interval 90 day') }}
