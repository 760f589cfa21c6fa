-- Which records are one person by an exact identifier. Grain: one row per pair and rule.
-- Strong ids join alone. A weak one joins a pair unless their names or birth dates contradict; where it is
-- contested (some pair on the value contradicts: a household, a recycled phone) a pair must also agree by name.
with keys as (
    select k.*, t.strength
    from {{ ref('identity_keys') }} as k
    inner join {{ ref('identifier_types') }} as t on k.identifier_type = t.identifier_type
    left join {{ ref('identity_guards') }} as g
        on k.identifier_type = g.identifier_type and k.identifier_value = g.identifier_value
    where g.identifier_type is null
),

strong_keys as (
    select distinct
        identifier_type,
        record_no,
        min(record_no) over (partition by identifier_type, identifier_value) as hub
    from keys
    where strength = 'strong' and valid_from is null and valid_to is null
),

-- a card that is handed on belongs to one person at a time
dated_pairs as (
    select
        a.identifier_type,
        least(a.record_no, b.record_no) as left_record,
        greatest(a.record_no, b.record_no) as right_record
    from keys as a
    inner join keys as b
        on a.identifier_type = b.identifier_type
        and a.identifier_value = b.identifier_value
        and a.record_no <> b.record_no
        and (a.valid_from is null or b.valid_to is null or a.valid_from < b.valid_to)
        and (b.valid_from is null or a.valid_to is null or b.valid_from < a.valid_to)
    where a.strength = 'strong' and (a.valid_from is not null or a.valid_to is not null)
),

strong_edges as (
    select distinct hub as left_record, record_no as right_record, 'strong' as strength, identifier_type as rule
    from strong_keys
    where hub < record_no
    union
    select left_record, right_record, 'strong' as strength, identifier_type as rule
    from dated_pairs
),

strong_pairs as (
    select distinct a.record_no as left_record, b.record_no as right_record
    from strong_keys as a
    inner join strong_keys as b
        on a.identifier_type = b.identifier_type and a.hub = b.hub and a.record_no < b.record_no
),

weak_pairs as (
    select distinct
        a.identifier_type,
        a.identifier_value,
        a.record_no as left_record,
        b.record_no as right_record
    from keys as a
    inner join keys as b
        on a.identifier_type = b.identifier_type
        and a.identifier_value = b.identifier_value
        and a.record_no < b.record_no
        and (a.valid_from is null or b.valid_to is null or a.valid_from < b.valid_to)
        and (b.valid_from is null or a.valid_to is null or b.valid_from < a.valid_to)
    where a.strength = 'weak'
),

compared as (
    select
        p.*,
        {{ dates_differ('a', 'b') }} as dates_differ,
        {{ names_compatible('a', 'b') }} as names_compatible,
        least(len(a.name_tokens), len(b.name_tokens)) > 1 as names_are_full
    from weak_pairs as p
    inner join {{ ref('identity_records') }} as a on p.left_record = a.record_no
    inner join {{ ref('identity_records') }} as b on p.right_record = b.record_no
),

judged as (
    select
        *,
        dates_differ or not coalesce(names_compatible, true) as contradicts,
        not dates_differ and coalesce(names_compatible and names_are_full, false) as agrees
    from compared
),

contested as (
    select
        j.*,
        -- two spellings of one name on one card make no household
        bool_or(j.contradicts and s.left_record is null)
            over (partition by j.identifier_type, j.identifier_value) as is_contested
    from judged as j
    left join strong_pairs as s on j.left_record = s.left_record and j.right_record = s.right_record
),

weak_edges as (
    select distinct left_record, right_record, 'weak' as strength, identifier_type as rule
    from contested
    where not contradicts and (agrees or not is_contested)
)

select * from strong_edges
union all
select * from weak_edges
