-- What known customers did in the loyalty programme. Grain: one row per event of a customer. A view: each reader needs
-- few of the event types. A use whose cost was not delivered costs what its benefit costs a time.
{{ config(materialized='view') }}
select
    e.source_system,
    e.event_id,
    i.customer_no,
    e.event_type,
    e.tier_to,
    e.points,
    coalesce(e.is_rewarded, true) as is_rewarded,
    case when e.event_type in ('redeem', 'benefit_use') then coalesce(e.cost_amount, b.unit_cost) end as cost_amount,
    e.occurred_at,
    {{ company_day('e.occurred_at') }} as event_day
from {{ ref('stg_loyalty_events') }} as e
inner join {{ ref('record_customers') }} as i
    on coalesce(e.customer_source_system, e.source_system) = i.source_system
    and e.source_customer_id = i.source_customer_id
left join {{ ref('stg_benefits') }} as b on e.benefit_id = b.benefit_id
