-- Whose record a source record is, as a number that is quick to join and group by. Grain: one row per record in a source
-- system. Numbers follow the order of customer_key, hence from the data alone; they hold within one run.
-- is_recognised: the record bears what tells its owner for certain, a strong identifier or a telephone or e-mail that some
-- record of the same customer holds as verified.
with numbered as (
    select
        i.source_system,
        i.source_customer_id,
        r.record_no,
        cast(dense_rank() over (order by i.customer_key) as integer) as customer_no,
        i.is_weak
    from {{ ref('customer_identities') }} as i
    inner join {{ ref('identity_records') }} as r
        on i.source_system = r.source_system and i.source_customer_id = r.source_customer_id
),

keys as (
    select
        k.record_no,
        k.identifier_type,
        k.identifier_value,
        k.valid_from is null and k.valid_to is null as is_undated,
        t.strength
    from {{ ref('identity_keys') }} as k
    inner join {{ ref('identifier_types') }} as t on k.identifier_type = t.identifier_type
    left join {{ ref('identity_guards') }} as g
        on k.identifier_type = g.identifier_type and k.identifier_value = g.identifier_value
    where g.identifier_type is null and (t.strength = 'strong' or k.identifier_type in ('phone', 'email'))
),

contact_points as (
    select
        k.record_no,
        n.customer_no,
        k.identifier_type,
        k.identifier_value,
        k.is_undated and (
            (k.identifier_type = 'phone' and coalesce(c.phone_verified, false))
            or (k.identifier_type = 'email' and coalesce(c.email_verified, false))
        ) as is_verified
    from keys as k
    inner join numbered as n on k.record_no = n.record_no
    left join {{ ref('stg_customers') }} as c
        on n.source_system = c.source_system and n.source_customer_id = c.source_customer_id
    where k.strength = 'weak'
),

recognised as (
    select record_no from keys where strength = 'strong'
    union
    select p.record_no
    from contact_points as p
    inner join contact_points as v
        on p.customer_no = v.customer_no
        and p.identifier_type = v.identifier_type
        and p.identifier_value = v.identifier_value
        and v.is_verified
)

select
    n.source_system,
    n.source_customer_id,
    n.customer_no,
    n.is_weak,
    r.record_no is not null as is_recognised
from numbered as n
left join recognised as r on n.record_no = r.record_no
