-- New customers whom others sent. Grain: one row per new customer, dated by the first order day; an unknown source is not
-- earned. In the first year of the history nobody is known to be new.
with history as (
    select coalesce(max(s.history_starts_on), min(f.order_day)) as starts_on
    from {{ ref('first_orders') }} as f
    cross join {{ source('config', 'settings') }} as s
)

select
    f.customer_no,
    cast(f.customer_no as bigint) as sampling_unit,
    f.is_weak,
    f.order_day as event_day,
    f.order_day as path_day,
    f.org_unit_id,
    f.channel,
    p.acquisition_source,
    1 as x,
    case when p.acquisition_source in ('referral', 'recommendation') then 1 else 0 end as y
from {{ ref('first_orders') }} as f
inner join {{ ref('profiles') }} as p on f.customer_no = p.customer_no
cross join history as h
where f.order_day >= h.starts_on + interval 365 day
