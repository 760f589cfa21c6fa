-- The programme's rules understood within half a minute. Grain: one row per quiz answer.
select
    customer_no,
    sampling_unit,
    is_weak,
    responded_day as event_day,
    responded_day as path_day,
    org_unit_id,
    1 as x,
    case when is_correct and seconds_taken <= 30 then 1 else 0 end as y
from {{ ref('survey_answers') }}
where measures = 'rule_quiz' and is_correct is not null
