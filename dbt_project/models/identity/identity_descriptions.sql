-- What customers' rows say of who they are, in one spelling. Grain: one row per row of customers.
-- The slow functions see every written text once, as long as nothing filters by what they say: the engine would ask
-- them again for every row on the other side of the join.
{{ config(materialized='view') }}
with written as (
    select
        source_system, source_customer_id,
        full_name, given_name, family_name, birth_date, gender, address, city, region, postcode, country
    from {{ ref('stg_customers') }}
),

parsed_names as (
    select full_name, given_name, family_name, {{ person_name('full_name', 'given_name', 'family_name') }} as parsed
    from (
        select distinct full_name, given_name, family_name
        from written
        where not {{ is_junk_text('name', "lower(coalesce(full_name, concat_ws(' ', given_name, family_name)))") }}
    ) as every_name
),

names as (
    select
        full_name, given_name, family_name,
        parsed.given_name as given, parsed.family_name as family, parsed.han_name as han_name, parsed.parts as parts,
        parsed.name_is_chinese as name_is_chinese, parsed.title_gender as title_gender
    from parsed_names
),

parsed_addresses as (
    select address, city, {{ postal_address('address', 'city') }} as parsed
    from (select distinct address, city from written where address is not null) as every_address
),

addresses as (
    select address, city, parsed.address as words, parsed.house_number as house_number from parsed_addresses
),

places as (
    select place, {{ place_name('place') }} as name
    from (
        select city as place from written
        union
        select region as place from written
        union
        select country as place from written
    ) as every_place
    where place is not null
),

described as (
    select
        w.source_system,
        w.source_customer_id,
        n.given as given_name,
        n.family as family_name,
        n.han_name,
        {{ split_distinct('n.parts', ' ') }} as name_tokens,
        replace(n.parts, ' ', '') as name_key,
        n.name_is_chinese,
        b.birth_date,
        b.birth_date_alternative,
        b.birth_date_alternative is not null as birth_date_is_ambiguous,
        coalesce({{ gender_code('w.gender') }}, n.title_gender) as gender,
        a.words as address,
        {{ split_distinct('a.words', ' ') }} as address_tokens,
        a.house_number,
        city.name as city,
        region.name as region,
        {{ normalised_code('w.postcode') }} as postcode,
        country.name as country
    from written as w
    left join names as n
        on w.full_name is not distinct from n.full_name
        and w.given_name is not distinct from n.given_name
        and w.family_name is not distinct from n.family_name
    left join {{ ref('identity_birth_dates') }} as b
        on w.source_system = b.source_system and w.birth_date = b.written
    left join addresses as a on w.address = a.address and w.city is not distinct from a.city
    left join places as city on w.city = city.place
    left join places as region on w.region = region.place
    left join places as country on w.country = country.place
)

select * from described
