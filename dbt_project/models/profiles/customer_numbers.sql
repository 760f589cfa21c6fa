-- The id behind each customer's number, and its place among all ids. Grain: one row per customer.
select
    n.customer_no,
    -- a customer's records bear one id and one key
    min(i.customer_id) as customer_id,
    min(i.customer_key) as customer_key,
    cast(rank() over (order by min(i.customer_id)) as integer) as id_place,
    count(*) as records,
    bool_or(i.is_weak) as is_weak
from {{ ref('record_customers') }} as n
inner join {{ ref('customer_identities') }} as i
    on n.source_system = i.source_system and n.source_customer_id = i.source_customer_id
group by n.customer_no
