-- How hard it was, whether effort or ease was asked and on whatever scale. Grain: one row per answer; y runs from 0
-- (no effort) to 1 (utmost effort).
with answers as (
    select
        *,
        case polarity
            when 'lower_is_better' then score - scale_min
            when 'higher_is_better' then scale_max - score
        end as effort_above_least
    from {{ ref('survey_answers') }}
    where measures = 'ces' and scale_min < scale_max
)

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
    cast(round(cast(effort_above_least as double) / cast(scale_max - scale_min as double), 9) as decimal(18, 9)) as y
from answers
-- without a polarity nobody knows which end is good
where effort_above_least is not null
