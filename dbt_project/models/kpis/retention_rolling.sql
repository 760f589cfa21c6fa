-- Of those who bought half a year to a quarter ago, who bought again since. Grain: one row per month and customer.
-- The day that dates a row is the month's last; the customer counts where it was at home when the 90 days began.
select
    a.customer_no,
    cast(a.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(a.ends_on - interval 1 day as date) as event_day,
    a.home_day as path_day,
    h.org_unit_id,
    h.channel,
    1 as x,
    a.is_retained as y
from {{ ref('active_customers') }} as a
inner join {{ ref('home_units') }} as h on a.customer_no = h.customer_no and a.home_day = h.on_day
inner join {{ ref('profiles') }} as p on a.customer_no = p.customer_no
