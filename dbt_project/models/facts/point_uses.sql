-- Which points a redemption took: the oldest that were there and at most 365 days old, first in, first out. Grain: one row
-- per redemption and lot from which it took points.
-- A customer's lots are one line on which redemptions walk forward: from where the last one stopped or, if that has become
-- too old meanwhile, from the first point that has not; never beyond what was earned by then.
with recursive redemptions as (
    select
        customer_no,
        source_system,
        event_id,
        event_day,
        occurred_at,
        points,
        row_number() over (partition by customer_no order by occurred_at, source_system, event_id) as step
    from {{ ref('loyalty_events') }}
    where event_type = 'redeem' and points > 0
),

bounded as (
    select
        r.customer_no,
        r.step,
        r.event_day,
        r.points,
        coalesce(max(l.points_to) filter (where l.earned_day < r.event_day - interval 365 day), 0) as too_old_to,
        max(l.points_to) as earned_to
    from redemptions as r
    inner join {{ ref('point_lots') }} as l on r.customer_no = l.customer_no and l.occurred_at <= r.occurred_at
    group by r.customer_no, r.step, r.event_day, r.points
),

-- steps without gaps: who redeems before anything was earned takes nothing
walked as (
    -- total order: steps number a customer's redemptions
    select *, row_number() over (partition by customer_no order by step) as walk_no
    from bounded
),

taken as (
    select
        customer_no,
        walk_no,
        event_day,
        too_old_to as taken_from,
        least(too_old_to + points, earned_to) as taken_to
    from walked
    where walk_no = 1
    union all
    select
        w.customer_no,
        w.walk_no,
        w.event_day,
        greatest(t.taken_to, w.too_old_to) as taken_from,
        least(greatest(t.taken_to, w.too_old_to) + w.points, w.earned_to) as taken_to
    from taken as t
    inner join walked as w on t.customer_no = w.customer_no and w.walk_no = t.walk_no + 1
)

select
    l.source_system,
    l.event_id,
    l.customer_no,
    t.walk_no,
    t.event_day as redeemed_day,
    cast(least(l.points_to, t.taken_to) - greatest(l.points_before, t.taken_from) as decimal(18, 4)) as points
from taken as t
inner join {{ ref('point_lots') }} as l
    on t.customer_no = l.customer_no and l.points_before < t.taken_to and l.points_to > t.taken_from
