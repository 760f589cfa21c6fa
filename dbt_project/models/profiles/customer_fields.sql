-- The golden record, field by field. Grain: one row per customer and field that any record fills.
-- The most restrictive consent wins; else a verified value, the preferred source, the most recent, the most frequent, the
-- smallest. `rule` names the first of these that told the winner from the best of the other values.
with said as (
    select
        customer_no,
        field,
        value,
        count(*) as records,
        field = 'marketing_consent' and value <> 'false' as is_lenient,
        min({
            'is_unverified': not is_verified,
            'source_place': source_place,
            'age': -coalesce({{ microseconds('updated_at') }}, -9223372036854775807),
            'source_system': source_system,
            'source_customer_id': source_customer_id
        }) as best
    from {{ ref('customer_statements') }}
    where not is_undisputed
    group by customer_no, field, value
),

ranked as (
    select
        *,
        row_number() over best_first as place,
        count(*) over (partition by customer_no, field) as said_values,
        lead(is_lenient) over best_first as next_is_lenient,
        lead(best) over best_first as next_best,
        lead(records) over best_first as next_records
    from said
    window best_first as (
        partition by customer_no, field
        order by is_lenient, best.is_unverified, best.source_place, best.age, records desc, value
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
        r.best.source_system as source_system,
        r.best.source_customer_id as source_customer_id,
        case
            when r.said_values = 1 then 'only_value'
            when r.is_lenient <> r.next_is_lenient then 'most_restrictive'
            when r.best.is_unverified <> r.next_best.is_unverified then 'verified'
            when r.best.source_place <> r.next_best.source_place then 'source_priority'
            when r.best.age <> r.next_best.age then 'most_recent'
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
