-- What the loyalty programme gives, costs and owes. Grain: one row per period with loyalty events; the company as a whole.
-- Points are owed at the period's end that were earned in the 365 days before it and not redeemed by then.
-- Hidden are periods in which few customers did one of the things told, those that hold such a month, and those of which
-- kpi_values hides the points; members' sales where it hides all sales or those to others.
with spans as (
    select p.period_kind, p.period_start, p.is_complete, least(p.period_end, c.today) as ends_on
    from {{ ref('periods') }} as p
    cross join (select {{ company_day('clock.as_of') }} as today from {{ source('config', 'settings') }} as clock) as c
),

events as (
    select
        s.period_kind,
        s.period_start,
        count(distinct e.customer_no) as customers,
        {%- for event_type in ['earn', 'redeem', 'benefit_use'] %}
        count(distinct e.customer_no) filter (where e.event_type = '{{ event_type }}') between 1 and 4
        as is_small_{{ event_type }},
        {%- endfor %}
        coalesce(sum(e.points) filter (where e.event_type = 'earn'), 0) as points_earned,
        coalesce(sum(e.points) filter (where e.event_type = 'redeem'), 0) as points_redeemed,
        coalesce(sum(e.cost_amount) filter (where e.event_type = 'redeem'), 0) as redemption_cost,
        coalesce(sum(e.cost_amount) filter (where e.event_type = 'benefit_use'), 0) as benefit_cost
    from spans as s
    inner join {{ ref('loyalty_events') }} as e on e.event_day >= s.period_start and e.event_day < s.ends_on
    where e.event_type in ('earn', 'redeem', 'benefit_use')
    group by s.period_kind, s.period_start
),

hidden as (
    select h.kpi_id, h.period_kind, h.period_start
    from {{ ref('kpi_hidden_cells') }} as h
    inner join {{ ref('unit_root') }} as company on h.org_unit_id = company.org_unit_id
    -- all, or those who are no members: the rest of all
    where h.slice_value = 'all' or (h.slice_dimension = 'loyalty_tier' and h.slice_value = 'none')
),

-- periods with few customers, and those of which points_redemption hides what was earned or what its window closed on
small as (
    select period_kind, period_start
    from events
    where customers < 5 or is_small_earn or is_small_redeem or is_small_benefit_use
    union
    select period_kind, period_start from hidden where kpi_id = 'points_redemption'
    union
    select period_kind, {{ add_months('period_start', -12) }} as period_start
    from hidden
    where kpi_id = 'points_redemption'
),

withheld as (
    select s.period_kind, s.period_start, count(*) filter (where m.period_kind is not null) as small_parts, count(*) filter (
        where h.kpi_id is not null
    ) as hidden_tiers
    from spans as s
    left join small as m
        on m.period_start >= s.period_start
        and m.period_start < s.ends_on
        and (m.period_kind = s.period_kind or m.period_kind = 'month' or s.period_kind = 'year')
    left join hidden as h
        on h.kpi_id = 'promo_dependence'
        and h.period_start >= s.period_start
        and h.period_start < s.ends_on
        and (h.period_kind = s.period_kind or h.period_kind = 'month' or s.period_kind = 'year')
    group by s.period_kind, s.period_start
),

member_days as (
    select o.order_day, sum(o.net_sales) as net_sales
    from {{ ref('order_days') }} as o
    inner join {{ ref('memberships') }} as m
        on o.customer_no = m.customer_no and o.order_day >= m.day_from and o.order_day < m.day_to
    group by o.order_day
),

member_sales as (
    select s.period_kind, s.period_start, sum(d.net_sales) as net_sales
    from spans as s
    inner join member_days as d on d.order_day >= s.period_start and d.order_day < s.ends_on
    group by s.period_kind, s.period_start
),

-- earned and, with the day of it, redeemed: by day, so that only days meet periods
lots as (
    select earned_day, cast(null as date) as redeemed_day, sum(points) as points
    from {{ ref('point_lots') }}
    group by earned_day
    union all
    select l.earned_day, u.redeemed_day, -sum(u.points) as points
    from {{ ref('point_uses') }} as u
    inner join {{ ref('point_lots') }} as l on u.source_system = l.source_system and u.event_id = l.event_id
    group by l.earned_day, u.redeemed_day
),

owed as (
    select
        s.period_kind,
        s.period_start,
        coalesce(sum(l.points) filter (
            where l.earned_day >= s.ends_on - interval 365 day
            and (l.redeemed_day is null or l.redeemed_day < s.ends_on)
        ), 0) as points_outstanding,
        sum(l.points) filter (where l.redeemed_day is null and l.earned_day < s.ends_on - interval 365 day) as matured,
        -sum(l.points) filter (
            where l.redeemed_day is not null and l.earned_day < s.ends_on - interval 365 day
        ) as matured_redeemed
    from spans as s
    inner join lots as l on l.earned_day < s.ends_on and l.earned_day >= s.ends_on - interval 730 day
    group by s.period_kind, s.period_start
),

put_together as (
    select
        e.*,
        s.is_complete,
        w.small_parts = 0 as is_told,
        case when w.hidden_tiers = 0 then m.net_sales end as member_net_sales,
        o.points_outstanding,
        cast(coalesce(o.matured_redeemed, 0) as double) / nullif(cast(o.matured as double), 0) as redemption_rate,
        cast(e.redemption_cost as double) / nullif(cast(e.points_redeemed as double), 0) as unit_cost
    from events as e
    inner join spans as s on e.period_kind = s.period_kind and e.period_start = s.period_start
    inner join withheld as w on e.period_kind = w.period_kind and e.period_start = w.period_start
    left join owed as o on e.period_kind = o.period_kind and e.period_start = o.period_start
    left join member_sales as m on e.period_kind = m.period_kind and e.period_start = m.period_start
)

select
    period_kind,
    period_start,
    case when not is_told then 'hidden' when is_complete then 'shown' else 'provisional' end as status,
    case when is_told then cast(customers as bigint) end as customers,
    case when is_told then cast(member_net_sales as double) end as member_net_sales,
    case when is_told then cast(points_earned as double) end as points_earned,
    case when is_told then cast(points_redeemed as double) end as points_redeemed,
    case when is_told then cast(redemption_cost as double) end as redemption_cost,
    case when is_told then cast(benefit_cost as double) end as benefit_cost,
    case when is_told then round(cast(points_earned as double) / nullif(cast(member_net_sales as double), 0), 9) end
        as earn_rate,
    case when is_told then round(redemption_rate, 9) end as redemption_rate,
    case when is_told then round(1 - redemption_rate, 9) end as breakage_rate,
    case when is_told then round(unit_cost, 9) end as unit_cost,
    case when is_told then cast(points_outstanding as double) end as points_outstanding,
    case when is_told then round(cast(points_outstanding as double) * unit_cost, 4) end as liability,
    case when is_told then round(cast(points_outstanding as double) * unit_cost * redemption_rate, 4) end
        as expected_liability
from put_together
