-- Whose each record was before (type 2). Grain: one row per record and interval that has ended; what holds now stands in
-- customer_identities.
{{ config(materialized='view') }}
select
    cast(source_system as varchar) as source_system,
    cast(source_customer_id as varchar) as source_customer_id,
    cast(customer_id as varchar) as customer_id,
    cast(valid_from as timestamp) as valid_from,
    cast(valid_to as timestamp) as valid_to,
    cast(from_run as varchar) as from_run,
    cast(to_run as varchar) as to_run
from {{ source('identity', 'history') }}
where not is_current
