-- Satisfied with how a complaint was handled: 4 or 5 of 5, asked once it was resolved. Grain: one row per answer.
-- The unit that handled the case answers for it, whoever sent the survey.
select
    a.customer_no,
    a.sampling_unit,
    a.is_weak,
    a.responded_day as event_day,
    a.responded_day as path_day,
    c.org_unit_id,
    a.channel,
    a.touchpoint,
    1 as x,
    case when a.score >= 4 then 1 else 0 end as y
from {{ ref('survey_answers') }} as a
inner join {{ ref('cases') }} as c on a.case_source_system = c.source_system and a.case_id = c.case_id
where a.measures = 'csat' and a.item = 'overall' and a.scale_min = 1 and a.scale_max = 5
    and a.is_about_complaint and a.responded_at >= c.resolved_at
