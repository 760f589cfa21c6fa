-- How much of the points earned was redeemed within 365 days. Grain: one row per earn event, dated by the day these end.
-- x and y are points.
with redeemed as (
    select source_system, event_id, sum(points) as points
    from {{ ref('point_uses') }}
    group by source_system, event_id
)

select
    l.customer_no,
    cast(l.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(l.earned_day + interval 365 day as date) as event_day,
    l.earned_day as path_day,
    company.org_unit_id,
    l.points as x,
    cast(coalesce(r.points, 0) as decimal(18, 4)) as y
from {{ ref('point_lots') }} as l
cross join {{ ref('unit_root') }} as company
inner join {{ ref('profiles') }} as p on l.customer_no = p.customer_no
left join redeemed as r on l.source_system = r.source_system and l.event_id = r.event_id
where {{ is_over('l.earned_day + interval 365 day') }}
