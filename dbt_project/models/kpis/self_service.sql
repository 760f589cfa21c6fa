-- Helped without a person. Grain: one row per session with a bot or self-service that can be linked to what followed, dated
-- by the moment 72 hours later. Asking a person within them, giving up or not being helped is no success.
with followed as (
    select
        *,
        min(case when handled_by = 'person' then started_at end) over (
            partition by issue_key
            order by started_at, source_system, contact_id
            rows between 1 following and unbounded following
        ) as next_person_at
    from {{ ref('contacts') }}
    where is_inbound
)

select
    f.customer_no,
    {{ sampling_unit('f.customer_no', 'f.issue_key') }} as sampling_unit,
    f.is_weak,
    {{ company_day('(f.started_at + interval 72 hour)') }} as event_day,
    f.started_day as path_day,
    f.org_unit_id,
    f.channel,
    f.touchpoint,
    1 as x,
    case
        when f.is_abandoned or not coalesce(f.resolved, true) then 0
        when f.next_person_at <= f.started_at + interval 72 hour then 0
        else 1
    end as y
from followed as f
cross join {{ source('config', 'settings') }} as clock
where f.handled_by in ('self_service', 'bot')
    -- an issue of a single anonymous contact leads nowhere
    and f.issue_key not like 'contact|%'
    and f.started_at + interval 72 hour <= clock.as_of
