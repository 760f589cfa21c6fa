-- Values that join nobody, for people to read. Grain: one row per identifier type and value.
-- Junk is what clerks type to get past a form; a value above its type's limit is a shop tablet, not a person.
with counted as (
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
        end as reason
    from counted as c
    inner join {{ ref('identifier_types') }} as t on c.identifier_type = t.identifier_type
)

select identifier_type, identifier_value, records, reason from judged where reason is not null
