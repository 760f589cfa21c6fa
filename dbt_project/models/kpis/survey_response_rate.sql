-- Who answers when asked. Grain: one row per invitation, dated 14 days after it was sent.
with invitations as (
    select
        *,
        {{ company_day('sent_at') }} as event_day,
        cast(null as varchar) as channel
    from {{ ref('stg_survey_invitations') }}
    where sent_at is not null
),

answered as (
    select source_system, response_id, min(responded_at) as responded_at
    from {{ ref('stg_survey_responses') }}
    group by source_system, response_id
),

systems as (
    select response_id, min(source_system) as only_system, count(*) as systems
    from answered
    group by response_id
),

resolved as (
    select
        v.*,
        coalesce(v.response_source_system, own.source_system, case when s.systems = 1 then s.only_system end)
            as answer_system
    from invitations as v
    left join answered as own on v.source_system = own.source_system and v.response_id = own.response_id
    left join systems as s on v.response_id = s.response_id
)

select
    i.customer_no,
    {{ sampling_unit('i.customer_no', "'invitation|' || v.source_system || '|' || v.invitation_id") }} as sampling_unit,
    coalesce(i.is_weak, false) as is_weak,
    cast(v.event_day + interval 14 day as date) as event_day,
    v.event_day as path_day,
    {{ own_unit() }} as org_unit_id,
    coalesce(v.touchpoint, 'unknown') as touchpoint,
    1 as x,
    case when {{ company_day('a.responded_at') }} <= v.event_day + interval 14 day then 1 else 0 end as y
from resolved as v
left join answered as a on v.answer_system = a.source_system and v.response_id = a.response_id
left join {{ ref('record_customers') }} as i
    on coalesce(v.customer_source_system, v.source_system) = i.source_system
    and v.source_customer_id = i.source_customer_id
{{ own_unit_joins('v') }}
where {{ is_over('v.event_day + interval 14 day') }}
