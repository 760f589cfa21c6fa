-- Satisfied at the touchpoint: 4 or 5 of 5, answers about a complaint aside. Grain: one row per answer.
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
    case when score >= 4 then 1 else 0 end as y
from {{ ref('survey_answers') }}
where measures = 'csat' and item = 'overall' and scale_min = 1 and scale_max = 5
    -- an answer asked for at a complaint's end is about the complaint, whether or not it names the case
    and not is_about_complaint and coalesce(occasion, '') <> 'complaint_closure'
