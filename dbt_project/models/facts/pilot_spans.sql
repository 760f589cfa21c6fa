-- When each pilot ran, in company days [starts_on, ends_on); one without an end runs up to now. Grain: one row per pilot that
-- has begun by the run's clock and does not end before it begins.
with pilots as (
    select p.*, least(coalesce(p.ends_at, clock.as_of), clock.as_of) as stops_at, clock.as_of
    from {{ ref('stg_pilots') }} as p
    cross join {{ source('config', 'settings') }} as clock
)

select
    p.pilot_id,
    p.primary_kpi_id,
    p.planned_share,
    p.ends_at is null or p.ends_at > p.as_of as is_open,
    {{ company_day('p.starts_at') }} as starts_on,
    cast({{ company_day('(p.stops_at - interval 1 microsecond)') }} + interval 1 day as date) as ends_on
from pilots as p
where p.starts_at < p.as_of and (p.ends_at is null or p.ends_at > p.starts_at)
