-- What changes of the programme's rules returned on what they cost. Grain: one row per programme_rule action with a hold-out;
-- y is the increment, x the cost: the action's own and that of what its customers redeemed and used meanwhile. Points cost
-- nothing when they are earned. Without costs of what was sold there is no margin, and no row.
with rewards as (
    select a.action_id, sum(e.cost_amount) as cost_amount
    from {{ ref('action_spans') }} as a
    inner join {{ ref('test_arms') }} as m on m.test_kind = 'action' and a.action_id = m.test_id and m.arm = 'treated'
    inner join {{ ref('loyalty_events') }} as e
        on m.customer_no = e.customer_no and e.event_day >= a.starts_on and e.event_day < a.ends_on
    where a.action_type = 'programme_rule' and e.event_type in ('redeem', 'benefit_use')
    group by a.action_id
)

select
    a.action_id,
    i.day_to as event_day,
    i.day_to as path_day,
    company.org_unit_id,
    least(i.treated, i.held_out) as smaller_arm,
    cast(a.cost_amount + coalesce(r.cost_amount, 0) as decimal(18, 4)) as x,
    i.increment as y,
    i.variance,
    i.spread
from {{ ref('action_increments') }} as i
inner join {{ ref('action_spans') }} as a on i.action_id = a.action_id
cross join {{ ref('unit_root') }} as company
left join rewards as r on a.action_id = r.action_id
where a.action_type = 'programme_rule' and i.span = 'during' and i.costs_known and {{ is_over('i.day_to') }}
