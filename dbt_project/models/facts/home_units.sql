-- The unit and the channel a customer is at home in on a day: where most order days of the 365 days before lie. Grain: one
-- row per customer and day asked for. Decided only by what happened before that day; nobody's home is the company.
-- A place has one order day more in the window than pairs of consecutive days there that lie in it. So only pairs are
-- counted: where no place has any, all have one day and the latest order decides.
with {% for place in ['org_unit_id', 'channel'] %}
days_by_{{ place }} as (
    select customer_no, {{ place }}, order_day, max(last_ordered_at) as last_ordered_at
    from {{ ref('order_days') }}
    group by customer_no, {{ place }}, order_day
),

pairs_by_{{ place }} as (
    select
        *,
        lag(order_day) over (partition by customer_no, {{ place }} order by order_day) as previous_day
    from days_by_{{ place }}
),

counted_by_{{ place }} as (
    select
        q.customer_no,
        q.on_day,
        p.{{ place }},
        count(*) as pairs,
        max(p.last_ordered_at) as last_ordered_at
    from {{ ref('home_unit_requests') }} as q
    inner join pairs_by_{{ place }} as p
        on q.customer_no = p.customer_no
        and p.order_day < q.on_day
        and p.previous_day >= q.on_day - interval 365 day
    group by q.customer_no, q.on_day, p.{{ place }}
),

best_by_{{ place }} as (
    select
        customer_no,
        on_day,
        -- most days, then the latest order, then the smaller name
        min({ 'pairs': -pairs, 'at': -{{ microseconds('last_ordered_at') }}, 'place': {{ place }} }).place as {{ place }}
    from counted_by_{{ place }}
    group by customer_no, on_day
){{ ',' if not loop.last }}
{% endfor %}

select
    q.customer_no,
    q.on_day,
    coalesce(u.org_unit_id, l.last_org_unit_id, r.org_unit_id) as org_unit_id,
    coalesce(c.channel, l.last_channel, 'none') as channel
from {{ ref('home_unit_requests') }} as q
cross join {{ ref('unit_root') }} as r
left join best_by_org_unit_id as u on q.customer_no = u.customer_no and q.on_day = u.on_day
left join best_by_channel as c on q.customer_no = c.customer_no and q.on_day = c.on_day
left join {{ ref('customer_days') }} as l
    on q.customer_no = l.customer_no
    and q.last_order_day = l.order_day
    and l.order_day >= q.on_day - interval 365 day
