-- What a written birth date means. Grain: one row per source system and written text that is a date.
-- 3/4/1990 is read as company.yml's `date_order` says, else as the system's other dates show it writes: at least
-- twenty times as often one way as the other. Else it stays ambiguous, in the order usual where the company is.
with settings as (
    select date_order, phone_region, cast({{ company_day('as_of') }} as date) as today
    from {{ source('config', 'settings') }}
),

read as (
    select source_system, written, customers, {{ birth_dates('written', '(select s.today from settings as s)') }} as meant
    from (
        select source_system, birth_date as written, count(*) as customers
        from {{ ref('stg_customers') }}
        where birth_date is not null
        group by source_system, birth_date
    ) as every_date
),

readings as (
    select source_system, written, customers, meant.day_first as day_first, meant.month_first as month_first
    from read
    where meant.day_first is not null or meant.month_first is not null
),

habits as (
    select
        source_system,
        coalesce(sum(customers) filter (where month_first is null), 0) as days_first,
        coalesce(sum(customers) filter (where day_first is null), 0) as months_first
    from readings
    group by source_system
),

orders as (
    select
        h.source_system,
        coalesce(
            s.date_order,
            case
                when h.days_first > 0 and h.days_first >= 20 * h.months_first then 'dmy'
                when h.months_first > 0 and h.months_first >= 20 * h.days_first then 'mdy'
            end
        ) as date_order,
        case when s.phone_region in ('US', 'CA') then 'mdy' else 'dmy' end as usual_order
    from habits as h
    cross join settings as s
),

chosen as (
    select
        r.source_system,
        r.written,
        case
            when coalesce(o.date_order, o.usual_order) = 'mdy' then coalesce(r.month_first, r.day_first)
            else coalesce(r.day_first, r.month_first)
        end as birth_date,
        case
            when o.date_order is null and r.day_first <> r.month_first
                then case when o.usual_order = 'mdy' then r.day_first else r.month_first end
        end as birth_date_alternative
    from readings as r
    inner join orders as o on r.source_system = o.source_system
),

plausible as (
    select source_system, written, birth_date, birth_date_alternative
    from chosen
    where not {{ is_junk_text('birth_date', 'cast(birth_date as varchar)') }}
)

select * from plausible
