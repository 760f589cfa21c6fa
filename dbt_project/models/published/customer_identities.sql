-- Which customer each source record belongs to. Grain: one row per record in a source system.
select
    cast(source_system as varchar) as source_system,
    cast(source_customer_id as varchar) as source_customer_id,
    cast(customer_id as varchar) as customer_id,
    cast(customer_key as varchar) as customer_key,
    cast(is_weak as boolean) as is_weak
from {{ source('identity', 'memberships') }}
