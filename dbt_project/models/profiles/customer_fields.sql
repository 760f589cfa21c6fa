-- The golden record, field by field. Grain: one row per customer and field that any record fills.
-- The most restrictive consent wins, and of what brought somebody the earliest; else a verified value, the preferred
-- source, the most recent, the most frequent, the smallest. `rule` names the first of these that told the winner from the
-- best of the other values.
with said as (
    select
        customer_no,
        field,
        value,
        count(*) as records,
        field = 'marketing_consent' and value <> 'false' as is_lenient,
        min({
            'is_unverified': not is_verified,
            'source_place': case when field <> 'acquisition_source' then source_place else 0 end,
            'age': case
                when field = 'acquisition_source' then coalesce({{ microseconds('registered_at') }}, 9223372036854775807)
                else -coalesce({{ microseconds('updated_at') }}, -9223372036854775807)
            end,
            'source_system': source_system,
            'source_customer_id': source_customer_id
        }) as best
    from {{ ref('customer_statements') }}
    where not is_undisputed
    group by customer_no, field, value
),

unpacked as (
    select
        customer_no,
        field,
        value,
        records,
        is_lenient,
        best.is_unverified as is_unverified,
        best.source_place as source_place,
        best.age as age,
        best.source_system as source_system,
        best.source_customer_id as source_customer_id
    from said
),

ranked as (
    select
        *,
        row_number() over best_first as place,
        count(*) over (partition by customer_no, field) as said_values,
        lead(is_lenient) over best_first as next_is_lenient,
        lead(is_unverified) over best_first as next_is_unverified,
        lead(source_place) over best_first as next_source_place,
        lead(age) over best_first as next_age,
        lead(records) over best_first as next_records
    from unpacked
    window best_first as (
        partition by customer_no, field
        order by is_lenient asc, is_unverified asc, source_place asc, age asc, records desc, value asc
    )
),

losers as (
    select customer_no, field, {{ array_of('value', 'place') }} as losing_values
    from ranked
    where place > 1
    group by customer_no, field
),

won as (
    select customer_no, field, value, source_system, source_customer_id, 'only_value' as rule, null as losing_values
    from {{ ref('customer_statements') }}
    where is_undisputed
    union all
    select
        r.customer_no,
        r.field,
        r.value,
        r.source_system,
        r.source_customer_id,
        case
            when r.said_values = 1 then 'only_value'
            when r.is_lenient <> r.next_is_lenient then 'most_restrictive'
            when r.is_unverified <> r.next_is_unverified then 'verified'
            when r.source_place <> r.next_source_place then 'source_priority'
            when r.age <> r.next_age and r.field = 'acquisition_source' then 'earliest'
            when r.age <> r.next_age then 'most_recent'
            when r.records <> r.next_records then 'most_frequent'
            else 'smallest_value'
        end as rule,
        l.losing_values
    from ranked as r
    left join losers as l on r.customer_no = l.customer_no and r.field = l.field
    where r.place = 1
)

select
    cast(n.customer_id as varchar) as customer_id,
    cast(w.field as varchar) as field,
    cast(w.value as varchar) as value,
    cast(w.source_system as varchar) as source_system,
    cast(w.source_customer_id as varchar) as source_customer_id,
    cast(w.rule as varchar) as rule,
    cast(w.losing_values as varchar[]) as losing_values
from won as w
inner join {{ ref('customer_numbers') }} as n on w.customer_no = n.customer_no
