-- Members who used a benefit in the last 30 days of the month. Grain: one row per month and member; the company's alone.
with used as (
    select distinct m.ends_on, e.customer_no
    from (select distinct ends_on from {{ ref('member_months') }}) as m
    inner join {{ ref('loyalty_events') }} as e
        on e.event_day >= m.ends_on - interval 30 day and e.event_day < m.ends_on
    where e.event_type = 'benefit_use'
)

select
    m.customer_no,
    cast(m.customer_no as bigint) as sampling_unit,
    p.is_weak,
    cast(m.ends_on - interval 1 day as date) as event_day,
    cast(m.ends_on - interval 1 day as date) as path_day,
    r.org_unit_id,
    1 as x,
    case when u.customer_no is null then 0 else 1 end as y
from {{ ref('member_months') }} as m
inner join {{ ref('profiles') }} as p on m.customer_no = p.customer_no
cross join {{ ref('unit_root') }} as r
left join used as u on m.ends_on = u.ends_on and m.customer_no = u.customer_no
