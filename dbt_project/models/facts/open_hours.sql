-- When business time flows. Grain: one row per span of open hours, with the open microseconds before it; next_opens_at
-- closes the gap, so that every moment from the first span on lies in exactly one row.
with days as (
    select cast({{ day_series('min(opened_day)', "max(" ~ company_day('as_of') ~ ")") }} as date) as day
    from {{ ref('cases') }}
    cross join {{ source('config', 'settings') }}
),

hours as (
    select d.day, s.opens_minute, s.closes_minute
    from days as d
    inner join {{ source('config', 'special_days') }} as s on d.day = s.day
    where s.opens_minute is not null
    union all
    select d.day, h.opens_minute, h.closes_minute
    from days as d
    inner join {{ source('config', 'business_hours') }} as h on {{ weekday('d.day') }} = h.weekday
    where d.day not in (select day from {{ source('config', 'special_days') }})
),

spans as (
    select
        {{ company_moment('day', 'opens_minute') }} as opens_at,
        {{ company_moment('day', 'closes_minute') }} as closes_at
    from hours
),

measured as (
    select opens_at, {{ microseconds_between('opens_at', 'closes_at') }} as open_microseconds from spans
)

select
    opens_at,
    -- total order: the spans of a day do not overlap (company.yml refuses it)
    lead(opens_at, 1, timestamp '9999-12-31') over (order by opens_at) as next_opens_at,
    open_microseconds,
    cast(sum(open_microseconds) over (order by opens_at) - open_microseconds as bigint) as microseconds_before
from measured
