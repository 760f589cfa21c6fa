-- How long customers waited for a person's first answer, in business time, and when it was due. Grain: one row per case.
-- due_at is null while it is not yet due; response_microseconds is null while nobody has answered.
with promised as (
    select first_response_minutes * cast(60000000 as bigint) as microseconds from {{ source('config', 'settings') }}
),

moments as (
    select source_system, case_id, 'opened' as what, opened_at as moment from {{ ref('cases') }}
    union all
    select source_system, case_id, 'answered' as what, first_response_at as moment
    from {{ ref('cases') }}
    where first_response_at is not null
),

elapsed as (
    select
        m.source_system,
        m.case_id,
        m.what,
        h.microseconds_before
        + least({{ microseconds_between('h.opens_at', 'm.moment') }}, h.open_microseconds) as business_microseconds
    from moments as m
    inner join {{ ref('open_hours') }} as h on m.moment >= h.opens_at and m.moment < h.next_opens_at
),

cases as (
    select
        c.*,
        -- before the first span no business time has flowed
        coalesce(o.business_microseconds, 0) as opened_position,
        case when c.first_response_at is not null then coalesce(a.business_microseconds, 0) end as answered_position,
        coalesce(o.business_microseconds, 0) + p.microseconds as due_position
    from {{ ref('cases') }} as c
    cross join promised as p
    left join elapsed as o on c.source_system = o.source_system and c.case_id = o.case_id and o.what = 'opened'
    left join elapsed as a on c.source_system = a.source_system and c.case_id = a.case_id and a.what = 'answered'
),

due as (
    select c.*, {{ add_microseconds('h.opens_at', 'c.due_position - h.microseconds_before') }} as due_at
    from cases as c
    left join {{ ref('open_hours') }} as h
        on c.due_position > h.microseconds_before
        and c.due_position <= h.microseconds_before + h.open_microseconds
)

select
    d.source_system,
    d.case_id,
    d.customer_no,
    d.sampling_unit,
    d.is_weak,
    d.channel,
    d.org_unit_id,
    d.opened_day,
    case when d.due_at <= clock.as_of then d.due_at end as due_at,
    case when d.due_at <= clock.as_of then {{ company_day('d.due_at') }} end as due_day,
    coalesce(d.first_response_at <= d.due_at, false) as is_in_time,
    case
        when d.answered_position is not null then greatest(d.answered_position - d.opened_position, 0)
    end as response_microseconds
from due as d
cross join {{ source('config', 'settings') }} as clock
