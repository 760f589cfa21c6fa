-- The unit a customer is at home in on a day: where most order days of the 365 days before lie. Grain: one row per
-- customer and day asked for. Decided only by what happened before that day; nobody's home is the company.
with bought as (
    select
        q.customer_key,
        q.on_day,
        d.org_unit_id,
        count(*) as order_days,
        max(d.last_ordered_at) as last_ordered_at
    from {{ ref('home_unit_requests') }} as q
    inner join {{ ref('order_days') }} as d
        on q.customer_key = d.customer_key
        and d.order_day >= q.on_day - interval 365 day
        and d.order_day < q.on_day
    group by q.customer_key, q.on_day, d.org_unit_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_key, on_day
            order by order_days desc, last_ordered_at desc, org_unit_id asc
        ) as place
    from bought
)

select q.customer_key, q.on_day, coalesce(b.org_unit_id, r.org_unit_id) as org_unit_id
from {{ ref('home_unit_requests') }} as q
cross join {{ ref('unit_root') }} as r
left join ranked as b on q.customer_key = b.customer_key and q.on_day = b.on_day and b.place = 1
