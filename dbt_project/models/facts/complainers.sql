-- Days on which a customer has had a complaint closed in the 365 days before. Grain: one row per customer and interval
-- of days [day_from, day_to); intervals do not overlap.
with closures as (
    select distinct customer_no, {{ company_day('resolved_at') }} as closed_day
    from {{ ref('cases') }}
    where kind = 'complaint' and resolved_at is not null and customer_no is not null
)

select
    customer_no,
    cast(closed_day + interval 1 day as date) as day_from,
    cast(
        least(
            closed_day + interval 366 day,
            coalesce(
                lead(closed_day) over (partition by customer_no order by closed_day) + interval 1 day,
                closed_day + interval 366 day
            )
        ) as date
    ) as day_to
from closures
