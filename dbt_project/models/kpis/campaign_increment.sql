-- What campaigns earned beyond their cost. Grain: one row per campaign with a hold-out, dated 56 days after its end; y is the
-- increment less the cost, x is 1: money, not a share. Without costs of what was sold there is no margin, and no row.
select
    a.action_id,
    i.day_to as event_day,
    i.day_to as path_day,
    a.org_unit_id,
    least(i.treated, i.held_out) as smaller_arm,
    cast(1 as decimal(18, 4)) as x,
    cast(i.increment - a.cost_amount as decimal(28, 4)) as y,
    i.variance,
    i.spread
from {{ ref('action_increments') }} as i
inner join {{ ref('action_spans') }} as a on i.action_id = a.action_id
where a.action_type = 'campaign' and i.span = 'whole' and i.costs_known and {{ is_over('i.day_to') }}
