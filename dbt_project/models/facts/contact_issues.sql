-- What customers had to get in touch about. Grain: one row per issue, described by its first inbound contact.
-- Without an issue_id, contacts of one customer and purpose at most 7 days apart are one issue.
with contacts as (
    select
        *,
        {{ company_day('started_at') }} as event_day,
        coalesce(purpose, '') as about
    from {{ ref('stg_contacts') }}
    where coalesce(direction, 'inbound') = 'inbound'
),

placed as (
    select
        c.source_system,
        c.contact_id,
        i.customer_no,
        coalesce(i.is_weak, false) as is_weak,
        c.issue_id,
        c.about,
        c.purpose,
        c.started_at,
        c.event_day,
        coalesce(c.channel, 'unknown') as channel,
        coalesce(c.touchpoint, 'unknown') as touchpoint,
        {{ own_unit() }} as org_unit_id,
        coalesce(c.handled_by, '') = 'person' and not coalesce(c.abandoned, false) as is_by_person
    from contacts as c
    left join {{ ref('record_customers') }} as i
        on coalesce(c.customer_source_system, c.source_system) = i.source_system
        and c.source_customer_id = i.source_customer_id
    {{ own_unit_joins('c') }}
),

gaps as (
    select
        *,
        case
            when {{ seconds_between('lag(started_at) over same_trouble', 'started_at') }} <= 7 * 86400 then 0
            else 1
        end as starts_issue,
        max(started_at) over (
            partition by customer_no, about
            order by started_at range between unbounded preceding and interval 1 microsecond preceding
        ) as contacted_before_at
    from placed
    window same_trouble as (
        partition by customer_no, about, issue_id is null order by started_at, source_system, contact_id
    )
),

numbered as (
    select
        *,
        sum(starts_issue) over (
            partition by customer_no, about, issue_id is null order by started_at, source_system, contact_id
        ) as trouble_no
    from gaps
),

issues as (
    select
        *,
        case
            when issue_id is not null then 'issue|' || issue_id
            when customer_no is not null then 'trouble|' || customer_no || '|' || about || '|' || trouble_no
            else 'contact|' || source_system || '|' || contact_id
        end as issue_key
    from numbered
),

ranked as (
    select
        *,
        row_number() over (partition by issue_key order by started_at, source_system, contact_id) as place,
        lead(event_day) over (partition by issue_key order by started_at, source_system, contact_id) as next_day
    from issues
)

select
    issue_key,
    customer_no,
    {{ sampling_unit('customer_no', 'issue_key') }} as sampling_unit,
    is_weak,
    purpose,
    event_day as first_day,
    channel,
    touchpoint,
    org_unit_id,
    is_by_person,
    customer_no is not null
    and contacted_before_at is not null
    and {{ seconds_between('contacted_before_at', 'started_at') }} <= 30 * 86400 as is_repeated,
    coalesce(next_day <= event_day + interval 7 day, false) as is_contacted_again
from ranked
where place = 1
