-- How long customers wait for a person, in seconds. Grain: one row per inbound contact with a known wait; duration is null
-- for who gave up.
select
    customer_no,
    {{ sampling_unit('customer_no', "'contact|' || source_system || '|' || contact_id") }} as sampling_unit,
    is_weak,
    started_day as event_day,
    started_day as path_day,
    org_unit_id,
    channel,
    1 as x,
    wait_seconds as y,
    case when not is_abandoned then wait_seconds * 1000000 end as duration
from {{ ref('contacts') }}
where is_inbound and wait_seconds >= 0 and handled_by not in ('self_service', 'bot')
