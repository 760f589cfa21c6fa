-- Would they recommend us after this encounter. Grain: one row per answer; a cell keeps each customer's latest.
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
    row_number() over (
        partition by sampling_unit order by responded_at, source_system, response_id, question_code
    ) as place,
    1 as x,
    {{ nps_sign('score') }} as y
from {{ ref('survey_answers') }}
where measures = 'nps' and occasion = 'transaction' and scale_min = 0 and scale_max = 10
