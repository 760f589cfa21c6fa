-- Every contact with its customer, its own unit and, where it was inbound, the issue it belongs to. Grain: one row per
-- contact. Without an issue_id, inbound contacts of one customer and purpose at most 7 days apart are one issue.
with contacts as (
    select
        *,
        {{ company_day('started_at') }} as event_day,
        coalesce(purpose, '') as about,
        coalesce(direction, 'inbound') = 'inbound' as is_inbound
    from {{ ref('stg_contacts') }}
),

identified as (
    select
        c.*,
        i.customer_no,
        coalesce(i.is_weak, false) as is_weak,
        {{ referenced_system('c', 'case_source_system') }} as resolved_case_system
    from contacts as c
    {{ referenced_system_joins('c', ref('stg_contacts'), 'case_id', 'cases') }}
    left join {{ ref('record_customers') }} as i
        on coalesce(c.customer_source_system, c.source_system) = i.source_system
        and c.source_customer_id = i.source_customer_id
),

gaps as (
    select
        *,
        case
            when {{ seconds_between('lag(started_at) over same_trouble', 'started_at') }} <= 7 * 86400 then 0
            else 1
        end as starts_issue,
        max(started_at) over (
            partition by customer_no, about, is_inbound
            order by started_at range between unbounded preceding and interval 1 microsecond preceding
        ) as contacted_before_at
    from identified
    window same_trouble as (
        partition by customer_no, about, issue_id is null, is_inbound order by started_at, source_system, contact_id
    )
),

numbered as (
    select
        *,
        sum(starts_issue) over (
            partition by customer_no, about, issue_id is null, is_inbound order by started_at, source_system, contact_id
        ) as trouble_no
    from gaps
)

select
    c.source_system,
    c.contact_id,
    c.customer_no,
    c.is_weak,
    {{ own_unit() }} as org_unit_id,
    coalesce(c.channel, 'unknown') as channel,
    coalesce(c.touchpoint, 'unknown') as touchpoint,
    c.purpose,
    c.is_inbound,
    c.started_at,
    c.event_day as started_day,
    c.wait_seconds,
    coalesce(c.handled_by, 'unknown') as handled_by,
    coalesce(c.handled_by, '') = 'person' and not coalesce(c.abandoned, false) as is_by_person,
    coalesce(c.transferred, false) as is_transferred,
    coalesce(c.abandoned, false) as is_abandoned,
    c.resolved,
    c.callback_promised_at,
    c.callback_at,
    c.resolved_case_system as case_source_system,
    c.case_id,
    c.contacted_before_at,
    case
        when not c.is_inbound then null
        when c.issue_id is not null then 'issue|' || c.issue_id
        when c.customer_no is not null then 'trouble|' || c.customer_no || '|' || c.about || '|' || c.trouble_no
        else 'contact|' || c.source_system || '|' || c.contact_id
    end as issue_key
from numbered as c
{{ own_unit_joins('c') }}
