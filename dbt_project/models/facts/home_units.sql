-- The unit and the channel a customer is at home in on a day: where most order days of the 365 days before lie. Grain: one
-- row per customer and day asked for. Decided only by what happened before that day; nobody's home is the company.
with bought as (
    select q.customer_no, q.on_day, d.org_unit_id, d.channel, d.order_day, d.last_ordered_at
    from {{ ref('home_unit_requests') }} as q
    inner join {{ ref('order_days') }} as d
        on q.customer_no = d.customer_no
        and d.order_day >= q.on_day - interval 365 day
        and d.order_day < q.on_day
),

{% for place in ['org_unit_id', 'channel'] %}
ranked_by_{{ place }} as (
    select
        customer_no,
        on_day,
        {{ place }},
        row_number() over (
            partition by customer_no, on_day
            order by count(distinct order_day) desc, max(last_ordered_at) desc, {{ place }} asc
        ) as place
    from bought
    group by customer_no, on_day, {{ place }}
){{ ',' if not loop.last }}
{% endfor %}

select
    q.customer_no,
    q.on_day,
    coalesce(u.org_unit_id, r.org_unit_id) as org_unit_id,
    coalesce(c.channel, 'none') as channel
from {{ ref('home_unit_requests') }} as q
cross join {{ ref('unit_root') }} as r
left join ranked_by_org_unit_id as u on q.customer_no = u.customer_no and q.on_day = u.on_day and u.place = 1
left join ranked_by_channel as c on q.customer_no = c.customer_no and q.on_day = c.on_day and c.place = 1
