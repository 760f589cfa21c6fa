-- Why records are one customer: the links in force between them. Grain: one row per pair of records, kind and rule.
{{ config(materialized='view') }}
select
    cast(m.customer_id as varchar) as customer_id,
    cast(l.source_system as varchar) as left_source_system,
    cast(l.source_customer_id as varchar) as left_source_customer_id,
    cast(r.source_system as varchar) as right_source_system,
    cast(r.source_customer_id as varchar) as right_source_customer_id,
    cast(k.kind as varchar) as kind,
    cast(k.rule as varchar) as rule,
    cast(k.match_weight as double) as match_weight
from {{ source('identity', 'links') }} as k
inner join {{ ref('identity_records') }} as l on k.left_record = l.record_no
inner join {{ ref('identity_records') }} as r on k.right_record = r.record_no
inner join {{ source('identity', 'memberships') }} as m
    on l.source_system = m.source_system
    and l.source_customer_id = m.source_customer_id
