-- Which customer each source record belongs to. Grain: one row per record in a source system.
select
    source_system,
    source_customer_id,
    customer_id,
    customer_key,
    is_weak
from {{ source('identity', 'memberships') }}
