-- Every scored answer (and quiz answer) with its question, who gave it and who answers for it. Grain: one row per response and
-- question.
with answers as (
    select
        *,
        {{ company_day('responded_at') }} as event_day
    from {{ ref('stg_survey_responses') }}
    where score is not null or is_correct is not null
),

asked as (
    select
        a.*,
        q.measures,
        coalesce(q.item, 'overall') as item,
        q.occasion,
        q.scale_min,
        q.scale_max,
        q.polarity
    from answers as a
    inner join {{ ref('stg_survey_questions') }} as q on a.question_code = q.question_code
    -- a quiz is right or wrong, and may do without points
    where a.score is not null or q.measures = 'rule_quiz'
),

with_case as (
    select a.*, {{ referenced_system('a', 'case_source_system') }} as resolved_case_system
    from asked as a
    {{ referenced_system_joins('a', ref('stg_survey_responses'), 'case_id', 'cases') }}
)

select
    a.source_system,
    a.response_id,
    a.question_code,
    i.customer_no,
    {{ sampling_unit('i.customer_no', "'answer|' || a.source_system || '|' || a.response_id || '|' || a.question_code") }}
        as sampling_unit,
    coalesce(i.is_weak, false) as is_weak,
    a.responded_at,
    a.event_day as responded_day,
    {{ own_unit() }} as org_unit_id,
    coalesce(a.channel, 'unknown') as channel,
    coalesce(a.touchpoint, 'unknown') as touchpoint,
    coalesce(a.journey_stage, 'unknown') as journey_stage,
    a.measures,
    a.item,
    a.occasion,
    a.score,
    a.scale_min,
    a.scale_max,
    a.polarity,
    a.is_correct,
    a.seconds_taken,
    trim(coalesce(a.comment, '')) <> '' as has_comment,
    a.resolved_case_system as case_source_system,
    a.case_id,
    coalesce(c.kind = 'complaint', false) as is_about_complaint
from with_case as a
left join {{ ref('stg_cases') }} as c on a.resolved_case_system = c.source_system and a.case_id = c.case_id
left join {{ ref('record_customers') }} as i
    on coalesce(a.customer_source_system, a.source_system) = i.source_system
    and a.source_customer_id = i.source_customer_id
{{ own_unit_joins('a') }}
