-- Would employees recommend working here. Grain: one row per answer, each of somebody else and nobody known; only ever the
-- company's, so that no team's few answers can be read.
select
    cast(null as integer) as customer_no,
    {{ sampling_unit('null', "'employee|' || e.response_id") }} as sampling_unit,
    false as is_weak,
    {{ company_day('e.responded_at') }} as event_day,
    {{ company_day('e.responded_at') }} as path_day,
    r.org_unit_id,
    1 as x,
    {{ nps_sign('e.score') }} as y
from {{ ref('stg_employee_survey') }} as e
inner join {{ ref('stg_survey_questions') }} as q on e.question_code = q.question_code
cross join {{ ref('unit_root') }} as r
where e.score is not null and e.responded_at is not null
    and q.measures = 'nps' and q.scale_min = 0 and q.scale_max = 10
