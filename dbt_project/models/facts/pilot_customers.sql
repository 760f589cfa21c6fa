-- What every customer of a pilot did while it ran, whether or not the pilot was meant to change it. Grain: one row per pilot and
-- customer; arm is treated, holdout, or both for those who count nowhere.
with arms as (
    select s.pilot_id, s.starts_on, s.ends_on, a.customer_no, a.arm
    from {{ ref('pilot_spans') }} as s
    inner join {{ ref('test_arms') }} as a on a.test_kind = 'pilot' and s.pilot_id = a.test_id
),

happened as (
    select customer_no, order_day as on_day, 'order' as what from {{ ref('orders') }} where is_counting
    union all
    select customer_no, opened_day as on_day, 'complaint' as what from {{ ref('cases') }} where kind = 'complaint'
    union all
    select i.customer_no, {{ company_day('c.started_at') }} as on_day, 'contact' as what
    from {{ ref('stg_contacts') }} as c
    inner join {{ ref('record_customers') }} as i
        on coalesce(c.customer_source_system, c.source_system) = i.source_system
        and c.source_customer_id = i.source_customer_id
    where coalesce(c.direction, 'inbound') = 'inbound'
)

select
    a.pilot_id,
    a.customer_no,
    a.arm,
    count(*) filter (where h.what = 'order') as orders,
    count(*) filter (where h.what = 'complaint') as complaints,
    count(*) filter (where h.what = 'contact') as contacts
from arms as a
left join happened as h on a.customer_no = h.customer_no and h.on_day >= a.starts_on and h.on_day < a.ends_on
group by a.pilot_id, a.customer_no, a.arm
