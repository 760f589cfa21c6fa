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

described as (
    select
        source_system,
        source_customer_id,
        lower({{ narrow("trim(coalesce(full_name, concat_ws(' ', given_name, family_name)))") }}) as name,
        birth_date
    from {{ ref('stg_customers') }}
),

known as (
    select
        source_system,
        source_customer_id,
        case when not {{ is_junk("'name'", 'name') }} then name end as name,
        case
            when not {{ is_junk("'birth_date'", 'birth_date') }}
                and {{ regex_matches('birth_date', "'^[0-9]{4}-[0-9]{2}-[0-9]{2}$'") }}
                then try_cast(birth_date as date)
        end as birth_date
    from described
),

parsed as (
    select
        source_system,
        source_customer_id,
        {{ regex_matches('name', "'[一-鿿]'") }} as is_han,
        {{ regex_remove('name', '\\s') }} as han_name,
        {{ split_distinct('name', '[^\\p{L}]+') }} as latin_names,
        birth_date
    from known
),

records as (
    select
        row_number() over (order by m.source_system, m.source_customer_id) - 1 as record_no,
        m.source_system,
        m.source_customer_id,
        case when p.is_han then nullif(p.han_name, '') end as han_name,
        case when not p.is_han and len(p.latin_names) > 0 then p.latin_names end as latin_names,
        p.birth_date
    from mentioned as m
    left join parsed as p
        on m.source_system = p.source_system and m.source_customer_id = p.source_customer_id
)

select * from records
