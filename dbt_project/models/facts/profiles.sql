-- What slices need to know of a customer whatever the day. Grain: one row per customer.
with members as (
    select customer_no, bool_or(is_weak) as is_weak
    from {{ ref('record_customers') }}
    group by customer_no
),

regions as (
    select
        i.customer_no,
        c.region,
        row_number() over (
            partition by i.customer_no
            order by c.updated_at desc nulls last, c.source_system asc, c.source_customer_id asc
        ) as place
    from {{ ref('stg_customers') }} as c
    inner join {{ ref('record_customers') }} as i
        on c.source_system = i.source_system and c.source_customer_id = i.source_customer_id
    where c.region is not null
),

sources as (
    select
        i.customer_no,
        c.acquisition_source,
        row_number() over (
            partition by i.customer_no
            order by c.registered_at asc nulls last, c.source_system asc, c.source_customer_id asc
        ) as place
    from {{ ref('stg_customers') }} as c
    inner join {{ ref('record_customers') }} as i
        on c.source_system = i.source_system and c.source_customer_id = i.source_customer_id
    where c.acquisition_source is not null
)

select
    m.customer_no,
    m.is_weak,
    coalesce(r.region, 'unknown') as region,
    coalesce(s.acquisition_source, 'unknown') as acquisition_source,
    f.order_day as first_order_day
from members as m
left join regions as r on m.customer_no = r.customer_no and r.place = 1
left join sources as s on m.customer_no = s.customer_no and s.place = 1
left join {{ ref('first_orders') }} as f on m.customer_no = f.customer_no
