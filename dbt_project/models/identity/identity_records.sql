-- Everybody whom any system knows. Grain: one row per record in a source system, numbered from 0 without gaps.
-- A customer named only by an order, a case or an answer is a record too.
with mentioned as (
    select distinct source_system, source_customer_id
    from (
        select source_system, source_customer_id from {{ ref('stg_customers') }}
        union all
        select source_system, source_customer_id from {{ ref('stg_identifiers') }}
        union all
        select source_system, source_customer_id from {{ ref('identity_guests') }}
        {%- for dataset in ['orders', 'contacts', 'cases', 'survey_responses', 'survey_invitations', 'loyalty_events'] %}
        union all
        select coalesce(customer_source_system, source_system) as source_system, source_customer_id
        from {{ ref('stg_' ~ dataset) }}
        where source_customer_id is not null
        {%- endfor %}
        union all
        select source_system, source_customer_id from {{ ref('stg_campaign_exposures') }}
        union all
        select source_system, source_customer_id from {{ ref('stg_pilot_assignments') }}
    ) as every_mention
),

records as (
    select
        row_number() over (order by m.source_system, m.source_customer_id) - 1 as record_no,
        m.source_system,
        m.source_customer_id,
        d.given_name,
        d.family_name,
        d.han_name,
        d.name_tokens,
        d.name_key,
        d.name_is_chinese,
        d.birth_date,
        d.birth_date_alternative,
        coalesce(d.birth_date_is_ambiguous, false) as birth_date_is_ambiguous,
        d.gender,
        d.address,
        d.address_tokens,
        d.house_number,
        d.city,
        d.region,
        d.postcode,
        d.country
    from mentioned as m
    left join {{ ref('identity_descriptions') }} as d
        on m.source_system = d.source_system and m.source_customer_id = d.source_customer_id
)

select * from records
