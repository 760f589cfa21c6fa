-- How long customers waited for a person's first answer and for a solution, in business time, and when each was due.
-- Grain: one row per case and promise (`response`, `resolution`). due_at is null while it is not yet due; microseconds is
-- null while it is not done, and again once a solved case is reopened.
with promises as (
    select 'response' as promise, first_response_minutes * cast(60000000 as bigint) as microseconds
    from {{ source('config', 'settings') }}
    union all
    select 'resolution' as promise, resolution_minutes * cast(60000000 as bigint) as microseconds
    from {{ source('config', 'settings') }}
),

moments as (
    select source_system, case_id, 'opened' as what, opened_at as moment from {{ ref('cases') }}
    union all
    select source_system, case_id, 'response' as what, first_response_at as moment
    from {{ ref('cases') }}
    where first_response_at is not null
    union all
    select source_system, case_id, 'resolution' as what, resolved_at as moment
    from {{ ref('cases') }}
    where resolved_at is not null and not is_open_again
),

elapsed as (
    select
        m.source_system,
        m.case_id,
        m.what,
        m.moment,
        -- before the first span no business time has flowed
        coalesce(
            h.microseconds_before
            + least({{ microseconds_between('h.opens_at', 'm.moment') }}, h.open_microseconds),
            0
        ) as position
    from moments as m
    left join {{ ref('open_hours') }} as h on m.moment >= h.opens_at and m.moment < h.next_opens_at
),

promised as (
    select
        c.*,
        p.promise,
        o.position as opened_position,
        d.moment as done_at,
        d.position as done_position,
        o.position + p.microseconds as due_position
    from {{ ref('cases') }} as c
    cross join promises as p
    inner join elapsed as o on c.source_system = o.source_system and c.case_id = o.case_id and o.what = 'opened'
    left join elapsed as d on c.source_system = d.source_system and c.case_id = d.case_id and p.promise = d.what
),

due as (
    select p.*, {{ add_microseconds('h.opens_at', 'p.due_position - h.microseconds_before') }} as due_at
    from promised as p
    left join {{ ref('open_hours') }} as h
        on p.due_position > h.microseconds_before
        and p.due_position <= h.microseconds_before + h.open_microseconds
)

select
    d.source_system,
    d.case_id,
    d.promise,
    d.customer_no,
    d.sampling_unit,
    d.is_weak,
    d.channel,
    d.org_unit_id,
    d.opened_day,
    case when d.due_at <= clock.as_of then d.due_at end as due_at,
    case when d.due_at <= clock.as_of then {{ company_day('d.due_at') }} end as due_day,
    coalesce(d.done_at <= d.due_at, false) as is_in_time,
    case when d.done_position is not null then greatest(d.done_position - d.opened_position, 0) end as microseconds
from due as d
cross join {{ source('config', 'settings') }} as clock
