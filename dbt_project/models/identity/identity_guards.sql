-- Values that join nobody, for people to read. Grain: one row per identifier type and value.
-- Junk is what clerks type to get past a form; a value above its type's limit is a shop tablet, not a person; a card of
-- three people or more is the clerk's own.
with newcomers as (
    -- who clashes with everybody before is one person more
    select identifier_type, identifier_value, right_record
    from {{ ref('identity_clashes') }}
    group by identifier_type, identifier_value, right_record, right_place
    having count(*) = right_place - 1
),

people as (
    select identifier_type, identifier_value, 1 + count(*) as people
    from newcomers
    group by identifier_type, identifier_value
),

counted as (
    select identifier_type, identifier_value, count(distinct record_no) as records
    from {{ ref('identity_keys') }}
    group by identifier_type, identifier_value
),

judged as (
    select
        c.identifier_type,
        c.identifier_value,
        c.records,
        case
            {%- for kind in ['account', 'card', 'union_id', 'phone', 'email', 'device', 'cookie'] %}
            when c.identifier_type = '{{ kind }}' and {{ is_junk_text(kind, 'c.identifier_value') }}
                then 'junk'
            {%- endfor %}
            when c.records > t.max_records then 'above_limit'
            when p.people > 2 then 'many_people'
        end as reason
    from counted as c
    inner join {{ ref('identifier_types') }} as t on c.identifier_type = t.identifier_type
    left join people as p on c.identifier_type = p.identifier_type and c.identifier_value = p.identifier_value
)

select identifier_type, identifier_value, records, reason from judged where reason is not null
