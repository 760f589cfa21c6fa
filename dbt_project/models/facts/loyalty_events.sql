-- What known customers did in the loyalty programme. Grain: one row per event of a customer.
select
    e.source_system,
    e.event_id,
    i.customer_key,
    e.event_type,
    e.tier_to,
    e.occurred_at,
    {{ company_day('e.occurred_at') }} as event_day
from {{ ref('stg_loyalty_events') }} as e
inner join {{ ref('customer_identities') }} as i
    on coalesce(e.customer_source_system, e.source_system) = i.source_system
    and e.source_customer_id = i.source_customer_id
