-- Contacts and cases with the issue they are about, whatever the channel. Grain: one row per contact or case of a customer.
-- An issue is an issue_id, company-wide; a contact that names a case is about that case's issue; else contacts with one
-- purpose, or cases of one category, of one customer and each at most 7 days after the last. An issue without an id is
-- named by its first event.
with happened as (
    select
        source_system, contact_id as source_id, 'contact' as event_type,
        coalesce(customer_source_system, source_system) as record_source_system, source_customer_id,
        issue_id, coalesce(purpose, '') as about, started_at as occurred_at, {{ company_day('started_at') }} as event_day,
        channel, org_unit_id, employee_id, handled_by, coalesce(transferred, false) as is_transferred,
        case
            when abandoned then 'abandoned'
            when resolved then 'resolved'
            when transferred then 'transferred'
            when not resolved then 'unresolved'
        end as outcome,
        cast(null as varchar) as kind, case_id, case_source_system
    from {{ ref('stg_contacts') }}
    where source_customer_id is not null
    union all
    select
        source_system, case_id as source_id, 'case' as event_type,
        coalesce(customer_source_system, source_system) as record_source_system, source_customer_id,
        issue_id, coalesce(category, '') as about, opened_at as occurred_at, {{ company_day('opened_at') }} as event_day,
        channel, org_unit_id, employee_id, cast(null as varchar) as handled_by, false as is_transferred,
        cast(null as varchar) as outcome, kind, cast(null as varchar) as case_id, cast(null as varchar) as case_source_system
    from {{ ref('stg_cases') }}
    where source_customer_id is not null
),

placed as (
    select
        h.*,
        i.customer_no,
        {{ own_unit() }} as unit,
        case
            when h.case_id is not null then {{ referenced_system('h', 'case_source_system') }} || ':' || h.case_id
            when h.event_type = 'case' then h.source_system || ':' || h.source_id
        end as case_key
    from happened as h
    inner join {{ ref('record_customers') }} as i
        on h.record_source_system = i.source_system and h.source_customer_id = i.source_customer_id
    {{ referenced_system_joins('h', 'happened', 'case_id', 'cases') }}
    {{ own_unit_joins('h') }}
),

gaps as (
    select
        *,
        case
            when {{ seconds_between('lag(occurred_at) over same_trouble', 'occurred_at') }} <= 7 * 86400 then 0
            else 1
        end as starts_issue
    from placed
    where issue_id is null
    -- total order: within one event_type, source_system and source_id are the key
    window same_trouble as (partition by customer_no, event_type, about order by occurred_at, source_system, source_id)
),

troubles as (
    select
        *,
        sum(starts_issue) over (
            partition by customer_no, event_type, about order by occurred_at, source_system, source_id
        ) as trouble_no
    from gaps
),

named as (
    select
        customer_no,
        event_type,
        about,
        trouble_no,
        min({ 'at': occurred_at, 'name': event_type || ':' || source_system || ':' || source_id }).name as issue_key
    from troubles
    group by customer_no, event_type, about, trouble_no
),

own_issues as (
    select p.*, coalesce('issue:' || p.issue_id, n.issue_key) as own_issue_key
    from placed as p
    left join troubles as t
        on p.event_type = t.event_type and p.source_system = t.source_system and p.source_id = t.source_id
    left join named as n
        on t.customer_no = n.customer_no
        and t.event_type = n.event_type
        and t.about = n.about
        and t.trouble_no = n.trouble_no
)

select
    o.source_system,
    o.source_id,
    o.event_type,
    o.customer_no,
    o.occurred_at,
    coalesce(o.channel, 'unknown') as channel,
    o.unit as org_unit_id,
    nullif(o.about, '') as about,
    o.kind,
    o.handled_by,
    o.is_transferred,
    o.outcome,
    o.case_key,
    case when o.issue_id is null then coalesce(c.own_issue_key, o.own_issue_key) else o.own_issue_key end as issue_key
from own_issues as o
left join own_issues as c on o.event_type = 'contact' and o.case_key = c.case_key and c.event_type = 'case'
