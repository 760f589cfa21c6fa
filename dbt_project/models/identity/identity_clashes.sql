-- Records on one strong identifier that are two people by what they say. Grain: one row per value and pair.
-- A clerk's card, a family's card. Names clash where they are neither compatible nor written alike, unless a birth date in
-- common excuses them (a marriage, a nickname); birth dates where no name says anything. An interval hands a value on.
with described as (
    select
        k.identifier_type, k.identifier_value, r.*,
        row_number() over (partition by k.identifier_type, k.identifier_value order by k.record_no) as place
    from (
        select distinct identifier_type, identifier_value, record_no
        from {{ ref('identity_keys') }}
        where valid_from is null and valid_to is null
    ) as k
    inner join {{ ref('identifier_types') }} as t on k.identifier_type = t.identifier_type
    inner join {{ ref('identity_records') }} as r on k.record_no = r.record_no
    where t.strength = 'strong' and (r.name_key is not null or r.birth_date is not null)
),

-- what is known of one person only has no pairs worth a look
mixed as (
    select identifier_type, identifier_value
    from described
    group by identifier_type, identifier_value
    having
        count(*) <= (select max(max_records) from {{ ref('identifier_types') }} where strength = 'strong')
        and (count(distinct name_key) > 1 or count(distinct birth_date) > 1)
),

compared as (
    select
        a.identifier_type,
        a.identifier_value,
        a.record_no as left_record,
        b.record_no as right_record,
        b.place as right_place,
        {{ names_compatible('a', 'b') }} as names_compatible,
        3 * levenshtein(a.name_key, b.name_key) <= greatest(length(a.name_key), length(b.name_key)) as names_are_alike,
        case
            when a.birth_date is not null and b.birth_date is not null then {{ dates_differ('a', 'b') }}
        end as dates_differ
    from described as a
    inner join mixed as m on a.identifier_type = m.identifier_type and a.identifier_value = m.identifier_value
    inner join described as b
        on a.identifier_type = b.identifier_type and a.identifier_value = b.identifier_value and a.place < b.place
)

select identifier_type, identifier_value, left_record, right_record, right_place
from compared
where
    not coalesce(names_compatible, not dates_differ, true)
    and coalesce(dates_differ, true)
    and not coalesce(names_are_alike, false)
