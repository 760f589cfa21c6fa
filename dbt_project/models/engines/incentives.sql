-- What the incentive engine counts, per customer: x of which y. Grain: one row per measure, subject, customer and quarter.
--   long_term      of what members were given, what grows with them (badge, tier, content, participation) and is not used
--                  up (points redeemed, price, service)
--   incentive      of deeds with an incentive, those for competition, honour or benefit
--   badge          of badges, those for exploring, for collecting, or limited in time
--   fresh_benefit  of benefits used, those on offer for less than 180 days
--   growth_step    of the members who ever reached a tier by the quarter's end, those who went on from it
-- A tier change is one to a tier that the customer had never had: who falls back, and rises again, does not grow. Who enrols
-- has the tier from which most customers' first change leads, unless the enrolment names another.
with first_changes as (
    select
        coalesce(tier_from, 'member') as tier,
        row_number() over (
            partition by coalesce(customer_source_system, source_system), source_customer_id
            order by occurred_at, source_system, event_id
        ) as place
    from {{ ref('stg_loyalty_events') }}
    where event_type = 'tier_change' and tier_to is not null
),

ranked_entries as (
    select tier, row_number() over (order by count(*) desc, tier) as place
    from first_changes
    where place = 1
    group by tier
),

everything as (
    select
        i.customer_no,
        e.event_type,
        e.occurred_at,
        e.incentive_type,
        e.badge_kind,
        case when e.event_type = 'tier_change' then coalesce(e.tier_from, entry.tier, 'member') end as tier_from,
        case when e.event_type = 'enrol' then coalesce(e.tier_to, entry.tier, 'member') else e.tier_to end as tier_to,
        b.kind,
        {{ company_day('e.occurred_at') }} as event_day,
        b.active_from
    from {{ ref('stg_loyalty_events') }} as e
    inner join {{ ref('record_customers') }} as i
        on coalesce(e.customer_source_system, e.source_system) = i.source_system
        and e.source_customer_id = i.source_customer_id
    left join ranked_entries as entry on entry.place = 1
    left join {{ ref('stg_benefits') }} as b on e.benefit_id = b.benefit_id
    where e.event_type not in ('earn', 'expire', 'adjust', 'leave')
),

tiers as (
    select customer_no, tier, min(occurred_at) as since
    from (
        select customer_no, occurred_at, tier_to as tier from everything where event_type in ('enrol', 'tier_change')
        union all
        select customer_no, occurred_at, tier_from as tier
        from everything
        where event_type = 'tier_change' and tier_to is not null
    ) as had
    where tier is not null
    group by customer_no, tier
),

events as (
    select e.*
    from everything as e
    left join tiers as t on e.customer_no = t.customer_no and e.tier_to = t.tier and e.occurred_at = t.since
    where e.event_type <> 'tier_change' or (t.tier is not null and e.tier_from <> e.tier_to)
),

dated as (
    select e.*, p.period_start
    from events as e
    inner join {{ ref('periods') }} as p
        on p.period_kind = 'quarter' and p.is_complete and e.event_day >= p.period_start and e.event_day < p.period_end
),

reached as (
    select p.period_start, e.customer_no, e.tier as subject, max(e.went_on) as y
    from (
        select customer_no, {{ company_day('since') }} as event_day, tier, 0 as went_on from tiers
        union all
        select customer_no, event_day, tier_from as tier, 1 as went_on from events where event_type = 'tier_change'
    ) as e
    inner join {{ ref('periods') }} as p
        on p.period_kind = 'quarter' and p.is_complete and e.event_day < p.period_end
    group by p.period_start, e.customer_no, e.tier
)

select 'long_term' as measure, 'all' as subject, period_start, customer_no, count(*) as x, count(*) filter (
    where event_type in ('badge', 'tier_change') or kind in ('content', 'participation')
) as y
from dated
where event_type in ('badge', 'tier_change', 'redeem') or kind is not null
group by period_start, customer_no
{%- for measure, column, subjects in [('incentive', 'incentive_type', ['competition', 'honour', 'benefit']),
    ('badge', 'badge_kind', ['exploration', 'accumulation', 'limited'])] %}
{%- for subject in subjects %}
union all
select
    '{{ measure }}' as measure, '{{ subject }}' as subject, period_start, customer_no, count(*) as x,
    count(*) filter (where {{ column }} = '{{ subject }}') as y
from dated
where {{ column }} is not null
group by period_start, customer_no
{%- endfor %}
{%- endfor %}
union all
select 'fresh_benefit' as measure, 'all' as subject, period_start, customer_no, count(*) as x, count(*) filter (
    where event_day < cast(active_from as date) + interval 180 day
) as y
from dated
where event_type = 'benefit_use' and active_from is not null
group by period_start, customer_no
union all
-- a tier that nobody has left by then leads nowhere
select 'growth_step' as measure, subject, period_start, customer_no, 1 as x, y
from (select *, max(y) over (partition by period_start, subject) as leads_on from reached) as known
where leads_on = 1
