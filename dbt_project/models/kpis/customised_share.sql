-- Orders that customers made their own. Grain: one row per order that counts, of source systems that deliver order lines.
with customised as (
    select distinct source_system, order_id
    from {{ ref('stg_order_lines') }}
    where is_customised
)

select
    o.customer_no,
    -1 - {{ text_number("o.source_system, o.order_id") }} as sampling_unit,
    o.is_weak,
    o.order_day as event_day,
    o.order_day as path_day,
    o.org_unit_id,
    1 as x,
    case when c.order_id is null then 0 else 1 end as y
from {{ ref('orders') }} as o
left join customised as c on o.source_system = c.source_system and o.order_id = c.order_id
where o.is_counting and o.source_system in (select source_system from {{ ref('stg_order_lines') }})
