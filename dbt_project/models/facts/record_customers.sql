-- Whose record a source record is, as a number that is quick to join and group by. Grain: one row per record in a source
-- system. Numbers follow the order of customer_key, hence from the data alone; they hold within one run.
select
    source_system,
    source_customer_id,
    cast(dense_rank() over (order by customer_key) as integer) as customer_no,
    is_weak
from {{ ref('customer_identities') }}
