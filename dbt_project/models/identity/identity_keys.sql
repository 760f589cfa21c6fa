-- What could tie records together. Grain: one row per record, identifier type, normalised value and interval.
-- A cell that holds two telephone numbers is two keys.
with written as (
    {%- for column, identifier_type in {
        'external_id': 'account', 'loyalty_card_no': 'card', 'phone': 'phone', 'email': 'email'
    }.items() %}
    select
        source_system, source_customer_id, '{{ identifier_type }}' as identifier_type, {{ column }} as written,
        cast(null as timestamp) as valid_from, cast(null as timestamp) as valid_to
    from {{ ref('stg_customers') }}
    where {{ column }} is not null
    union all
    {%- endfor %}
    select
        source_system, source_customer_id, identifier_type, identifier_value as written,
        cast(valid_from as timestamp) as valid_from, cast(valid_to as timestamp) as valid_to
    from {{ ref('stg_identifiers') }}
),

phones as (
    select
        w.source_system, w.source_customer_id, w.identifier_type, coalesce(w.regular, p.phone) as identifier_value,
        w.valid_from, w.valid_to
    from (select *, {{ regular_phone('written') }} as regular from written where identifier_type = 'phone') as w
    left join {{ ref('identity_phones') }} as p on w.written = p.written
),

normalised as (
    select
        source_system, source_customer_id, identifier_type,
        {{ normalised_code('written') }} as identifier_value, valid_from, valid_to
    from written
    where identifier_type not in ('phone', 'email')
    union all
    select source_system, source_customer_id, identifier_type, identifier_value, valid_from, valid_to
    from phones
    union all
    select
        e.source_system, e.source_customer_id, 'email' as identifier_type,
        {{ delivered_email('e.email', 'm') }} as identifier_value, e.valid_from, e.valid_to
    from (select *, {{ written_email('written') }} as email from written where identifier_type = 'email') as e
    left join {{ ref('mail_providers') }} as m on split_part(e.email, '@', 2) = m.domain
    {%- for column in ['phone', 'email'] %}
    union all
    select
        source_system, source_customer_id, '{{ column }}' as identifier_type, {{ column }} as identifier_value,
        cast(valid_from as timestamp) as valid_from, cast(valid_to as timestamp) as valid_to
    from {{ ref('identity_guests') }}
    {%- endfor %}
),

keys as (
    select distinct r.record_no, n.identifier_type, n.identifier_value, n.valid_from, n.valid_to
    from normalised as n
    inner join {{ ref('identity_records') }} as r
        on n.source_system = r.source_system and n.source_customer_id = r.source_customer_id
    where n.identifier_value is not null
)

select * from keys
