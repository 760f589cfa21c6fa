-- It felt made for them: above the scale's middle. Grain: one row per answer.
select
    customer_no,
    sampling_unit,
    is_weak,
    responded_day as event_day,
    responded_day as path_day,
    org_unit_id,
    channel,
    touchpoint,
    journey_stage,
    1 as x,
    case when {{ above_middle() }} > 0 then 1 else 0 end as y
from {{ ref('survey_answers') }}
where measures = 'personalisation' and scale_min < scale_max
