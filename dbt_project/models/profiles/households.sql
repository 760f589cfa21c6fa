-- Customers who share a telephone or an address. Grain: one row per customer in a household. Two people stay two people.
{{ config(materialized='view') }}
select
    cast(household_id as varchar) as household_id,
    cast(customer_id as varchar) as customer_id,
    cast(reason as varchar) as reason
from {{ source('identity', 'households') }}
