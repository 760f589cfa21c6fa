-- What happened to customers, oldest first. Grain: one row per event.
{{ config(materialized='view') }}
select
    cast(occurred_at as timestamp) as occurred_at,
    cast(run as varchar) as run,
    cast(event as varchar) as event,
    cast(old_customer_id as varchar) as old_customer_id,
    cast(new_customer_id as varchar) as new_customer_id,
    cast(decision_id as varchar) as decision_id
from {{ source('identity', 'events') }}
