-- Solved as promised and not reopened since. Grain: one row per case whose solution was due, dated by the due day; duration
-- is business time to the solution, null while the case is open.
select
    customer_no,
    sampling_unit,
    is_weak,
    due_day as event_day,
    due_day as path_day,
    org_unit_id,
    channel,
    1 as x,
    case when is_in_time then 1 else 0 end as y,
    microseconds as duration
from {{ ref('case_responses') }}
where promise = 'resolution' and due_at is not null
