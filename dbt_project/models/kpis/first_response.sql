-- Answered by a person as promised. Grain: one row per case whose answer was due, dated by the due day; duration is the
-- wait in business time, null while nobody has answered.
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
where promise = 'response' and due_at is not null
