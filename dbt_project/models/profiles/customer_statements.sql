-- What each record says of its customer. Grain: one row per record, field and value.
-- `is_undisputed` marks what only one record could say. Phones, e-mails and cards come from the normalised keys that still
-- hold and are nobody's placeholder.
{{ config(materialized='view') }}
{%- set written = {
    'full_name': "case when r.name_key is not null then coalesce(c.full_name, concat_ws(' ', c.given_name, c.family_name)) end",
    'given_name': 'c.given_name',
    'family_name': 'c.family_name',
    'gender': 'r.gender',
    'address': 'c.address',
    'city': 'c.city',
    'region': 'c.region',
    'postcode': 'c.postcode',
    'country': 'c.country',
    'birth_date': 'cast(r.birth_date as varchar)',
    'acquisition_source': 'c.acquisition_source',
    'marketing_consent': 'cast(c.marketing_consent as varchar)',
} %}
with records as (
    select
        i.customer_no,
        r.record_no,
        r.source_system,
        r.source_customer_id,
        coalesce(p.place, 2147483647) as source_place,
        c.updated_at,
        c.registered_at,
        coalesce(c.phone_verified, false) as phone_verified,
        coalesce(c.email_verified, false) as email_verified,
        n.records = 1 as is_alone,
        {%- for field, expression in written.items() %}
        {{ expression }} as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('identity_records') }} as r
    inner join {{ ref('record_customers') }} as i
        on r.source_system = i.source_system and r.source_customer_id = i.source_customer_id
    inner join {{ ref('customer_numbers') }} as n on i.customer_no = n.customer_no
    left join {{ ref('stg_customers') }} as c
        on r.source_system = c.source_system and r.source_customer_id = c.source_customer_id
    left join {{ source('config', 'source_priority') }} as p on r.source_system = p.source_system
),

keys as (
    select distinct
        k.record_no,
        case k.identifier_type when 'card' then 'loyalty_card_no' else k.identifier_type end as field,
        k.identifier_value,
        k.valid_from is null and k.valid_to is null as is_undated
    from {{ ref('identity_keys') }} as k
    cross join {{ source('config', 'settings') }} as clock
    left join {{ ref('identity_guards') }} as g
        on k.identifier_type = g.identifier_type and k.identifier_value = g.identifier_value
    where
        k.identifier_type in ('phone', 'email', 'card')
        and g.identifier_type is null
        and (k.valid_to is null or k.valid_to > clock.as_of)
)

select
    r.customer_no,
    k.field,
    k.identifier_value as value,
    false as is_undisputed,
    (k.field = 'phone' and r.phone_verified or k.field = 'email' and r.email_verified) and k.is_undated as is_verified,
    r.source_place,
    r.updated_at,
    r.registered_at,
    r.source_system,
    r.source_customer_id
from keys as k
inner join records as r on k.record_no = r.record_no
{%- for field in written %}
union all
select
    customer_no,
    '{{ field }}' as field,
    {{ field }} as value,
    is_alone as is_undisputed,
    false as is_verified,
    source_place,
    updated_at,
    registered_at,
    source_system,
    source_customer_id
from records
where {{ field }} is not null
{%- endfor %}
