-- Would they recommend the brand. Grain: one row per answer; a cell keeps each customer's latest.
select
    a.customer_no,
    a.sampling_unit,
    a.is_weak,
    a.responded_day as event_day,
    a.responded_day as path_day,
    coalesce(h.org_unit_id, a.org_unit_id) as org_unit_id,
    a.channel,
    row_number() over (
        partition by a.sampling_unit order by a.responded_at, a.source_system, a.response_id, a.question_code
    ) as place,
    1 as x,
    {{ nps_sign('a.score') }} as y
from {{ ref('survey_answers') }} as a
left join {{ ref('home_units') }} as h on a.customer_no = h.customer_no and a.responded_day = h.on_day
where a.measures = 'nps' and a.occasion = 'relationship' and a.scale_min = 0 and a.scale_max = 10
