-- Pairs of records that are worth a person's decision, the least sure first. Grain: one row per pair.
{{ config(materialized='view') }}
select
    cast(place as bigint) as place,
    cast(left_source_system as varchar) as left_source_system,
    cast(left_source_customer_id as varchar) as left_source_customer_id,
    cast(left_customer_id as varchar) as left_customer_id,
    cast(right_source_system as varchar) as right_source_system,
    cast(right_source_customer_id as varchar) as right_source_customer_id,
    cast(right_customer_id as varchar) as right_customer_id,
    cast(match_weight as double) as match_weight,
    cast(probability as double) as probability,
    cast(is_joined as boolean) as is_joined,
    cast(reason as varchar) as reason
from {{ source('identity', 'review_queue') }}
