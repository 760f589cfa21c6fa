-- What could tie records together. Grain: one row per record, identifier type, normalised value and interval.
with records as (
    select record_no, source_system, source_customer_id from {{ ref('identity_records') }}
),

normalised as (
    {%- for column, identifier_type in {
        'external_id': 'account', 'loyalty_card_no': 'card', 'phone': 'phone', 'email': 'email'
    }.items() %}
    select
        source_system, source_customer_id, '{{ identifier_type }}' as identifier_type,
        {{ normalised_identifier("'" ~ identifier_type ~ "'", column) }} as identifier_value,
        cast(null as timestamp) as valid_from, cast(null as timestamp) as valid_to
    from {{ ref('stg_customers') }}
    where {{ column }} is not null
    union all
    {%- endfor %}
    select
        source_system, source_customer_id, identifier_type,
        {{ normalised_identifier('identifier_type', 'identifier_value') }} as identifier_value,
        cast(valid_from as timestamp) as valid_from, cast(valid_to as timestamp) as valid_to
    from {{ ref('stg_identifiers') }}
    {%- for column in ['phone', 'email'] %}
    union all
    select
        source_system, source_customer_id, '{{ column }}' as identifier_type, {{ column }} as identifier_value,
        cast(null as timestamp) as valid_from, cast(null as timestamp) as valid_to
    from {{ ref('identity_guests') }}
    {%- endfor %}
),

keys as (
    select distinct r.record_no, n.identifier_type, n.identifier_value, n.valid_from, n.valid_to
    from normalised as n
    inner join records as r
        on n.source_system = r.source_system and n.source_customer_id = r.source_customer_id
    where n.identifier_value is not null
)

select * from keys
