-- What members' redemptions and benefits cost in the last 30 days of the month. Grain: one row per month and member; y is
-- money; the company's alone.
with costs as (
    select m.ends_on, e.customer_no, sum(e.cost_amount) as cost
    from (select distinct ends_on from {{ ref('member_months') }}) as m
    inner join {{ ref('loyalty_events') }} as e
        on e.event_day >= m.ends_on - interval 30 day and e.event_day < m.ends_on
    where e.event_type in ('redeem', 'benefit_use')
    group by m.ends_on, e.customer_no
)

select
    m.customer_no,
    cast(m.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(m.ends_on - interval 1 day as date) as event_day,
    cast(m.ends_on - interval 1 day as date) as path_day,
    r.org_unit_id,
    1 as x,
    cast(coalesce(c.cost, 0) as decimal(18, 4)) as y
from {{ ref('member_months') }} as m
inner join {{ ref('profiles') }} as p on m.customer_no = p.customer_no
cross join {{ ref('unit_root') }} as r
left join costs as c on m.ends_on = c.ends_on and m.customer_no = c.customer_no
