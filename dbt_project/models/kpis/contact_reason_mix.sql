-- What customers get in touch about, and how often it takes a person. Grain: one row per inbound contact.
select
    customer_no,
    {{ sampling_unit('customer_no', "'contact|' || source_system || '|' || contact_id") }} as sampling_unit,
    is_weak,
    started_day as event_day,
    started_day as path_day,
    org_unit_id,
    channel,
    coalesce(purpose, 'unknown') as purpose,
    1 as x,
    case when handled_by = 'person' then 1 else 0 end as y
from {{ ref('contacts') }}
where is_inbound
