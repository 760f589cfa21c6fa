-- Solved, and not for good: reopened before the last solution or within 14 days of it. Grain: one row per solved case.
select
    customer_no,
    sampling_unit,
    is_weak,
    cast(resolved_day + interval 14 day as date) as event_day,
    resolved_day as path_day,
    org_unit_id,
    1 as x,
    case when {{ company_day('reopened_at') }} <= resolved_day + interval 14 day then 1 else 0 end as y
from {{ ref('cases') }}
where {{ is_over('resolved_day + interval 14 day') }}
