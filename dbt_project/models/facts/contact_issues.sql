-- What customers had to get in touch about. Grain: one row per issue, described by its first inbound contact.
with ranked as (
    select
        *,
        row_number() over (partition by issue_key order by started_at, source_system, contact_id) as place,
        lead(started_day) over (partition by issue_key order by started_at, source_system, contact_id) as next_day
    from {{ ref('contacts') }}
    where is_inbound
)

select
    issue_key,
    customer_no,
    {{ sampling_unit('customer_no', 'issue_key') }} as sampling_unit,
    is_weak,
    purpose,
    started_day as first_day,
    channel,
    touchpoint,
    org_unit_id,
    is_by_person,
    customer_no is not null
    and contacted_before_at is not null
    and {{ seconds_between('contacted_before_at', 'started_at') }} <= 30 * 86400 as is_repeated,
    coalesce(next_day <= started_day + interval 7 day, false) as is_contacted_again
from ranked
where place = 1
