-- Complaints that came to an end, and what the customer bought before and after. Grain: one row per complaint case of a
-- known customer. Whoever never hears of a solution is taken to have given up after 30 days.
with closures as (
    select
        source_system,
        case_id,
        customer_no,
        is_weak,
        channel,
        opened_day,
        coalesce({{ company_day('resolved_at') }}, cast(opened_day + interval 30 day as date)) as closed_day
    from {{ ref('cases') }}
    where kind = 'complaint' and customer_no is not null
),

bought as (
    select
        c.source_system,
        c.case_id,
        {{ bought_around('c.closed_day', 'd.order_day') }}
    from closures as c
    inner join {{ ref('customer_days') }} as d on c.customer_no = d.customer_no
    group by c.source_system, c.case_id
)

select c.*, b.order_days_before, b.last_order_day, b.first_order_day, b.is_active_after
from closures as c
inner join bought as b on c.source_system = b.source_system and c.case_id = b.case_id
where b.order_days_before > 0
