-- How a matter that became a case went from channel to channel. Grain: one row per contact or case of an issue with a case.
{{ config(materialized='view') }}
with steps as (
    select
        e.*,
        row_number() over in_time as step_no,
        lag(e.channel) over in_time as last_channel,
        lag(e.org_unit_id) over in_time as last_org_unit_id,
        lag(e.is_transferred) over in_time as was_transferred
    from {{ ref('issue_events') }} as e
    where e.issue_key in (select c.issue_key from {{ ref('issue_events') }} as c where c.event_type = 'case')
    -- total order: an event stands there once
    window in_time as (partition by e.issue_key order by e.occurred_at, e.event_type, e.source_system, e.source_id)
)

select
    cast(s.issue_key as varchar) as issue_key,
    cast(s.step_no as bigint) as step_no,
    cast(n.customer_id as varchar) as customer_id,
    cast(s.occurred_at as timestamp) as occurred_at,
    cast(s.event_type as varchar) as event_type,
    cast(s.kind as varchar) as kind,
    cast(s.about as varchar) as about,
    cast(s.channel as varchar) as channel,
    cast(s.org_unit_id as varchar) as org_unit_id,
    cast(s.handled_by as varchar) as handled_by,
    cast(
        s.step_no > 1
        and (s.was_transferred or s.channel <> s.last_channel or s.org_unit_id <> s.last_org_unit_id) as boolean
    ) as is_handoff,
    cast(s.source_system as varchar) as source_system,
    cast(s.source_id as varchar) as source_id
from steps as s
inner join {{ ref('customer_numbers') }} as n on s.customer_no = n.customer_no
