-- Asked after, in care and not to sell, within 14 days of the solution. Grain: one row per solved case, dated 14 days later.
select
    customer_no,
    sampling_unit,
    is_weak,
    cast(resolved_day + interval 14 day as date) as event_day,
    resolved_day as path_day,
    org_unit_id,
    channel,
    1 as x,
    case when is_followed_up then 1 else 0 end as y
from {{ ref('cases') }}
where {{ is_over('resolved_day + interval 14 day') }}
