-- What customers do for the brand unrewarded, of all they do. Grain: one row per check-in, share, review, content, community,
-- referral or challenge event of a customer, at home where the customer was when the month began.
select
    e.customer_no,
    cast(e.customer_no as bigint) as sampling_unit,
    p.is_weak,
    e.event_day,
    e.event_day as path_day,
    h.org_unit_id,
    h.channel,
    1 as x,
    case when e.is_rewarded then 0 else 1 end as y
from {{ ref('loyalty_events') }} as e
inner join {{ ref('home_units') }} as h
    on e.customer_no = h.customer_no and cast(date_trunc('month', e.event_day) as date) = h.on_day
inner join {{ ref('profiles') }} as p on e.customer_no = p.customer_no
where e.event_type in ('check_in', 'share', 'review', 'content', 'community', 'referral', 'challenge')
