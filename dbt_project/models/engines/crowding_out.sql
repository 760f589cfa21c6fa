-- Does a reward drive out what people did for nothing? Unrewarded deeds of members in the 56 days before a reward starts,
-- and before it stops, against the 56 days after. Grain: one row per programme rule and turn (start, stop) whose days have
-- all passed. A rate ratio of two counts; interval on its logarithm (Rothman 2012, Epidemiology, 2nd ed., 9).
with turns as (
    select action_id, 'start' as turn, {{ company_day('starts_at') }} as turn_day
    from {{ ref('stg_business_actions') }}
    where action_type = 'programme_rule' and starts_at is not null
    union all
    select action_id, 'stop' as turn, {{ company_day('ends_at') }} as turn_day
    from {{ ref('stg_business_actions') }}
    where action_type = 'programme_rule' and ends_at is not null
),

counted as (
    select
        t.action_id,
        t.turn,
        t.turn_day,
        count(*) filter (where e.event_day < t.turn_day) as before,
        count(*) filter (where e.event_day >= t.turn_day) as after,
        count(distinct case when e.event_day < t.turn_day then e.customer_no end) as customers_before,
        count(distinct case when e.event_day >= t.turn_day then e.customer_no end) as customers_after
    from turns as t
    inner join {{ ref('loyalty_events') }} as e
        on e.event_day >= t.turn_day - interval 56 day and e.event_day < t.turn_day + interval 56 day
    where
        not e.is_rewarded
        and e.event_type in ('check_in', 'share', 'review', 'content', 'community', 'referral', 'challenge')
        and {{ is_over('t.turn_day + interval 55 day') }}
    group by t.action_id, t.turn, t.turn_day
)

select
    action_id,
    turn,
    turn_day,
    least(customers_before, customers_after) as n,
    100 * (cast(after as double) / before - 1) as value,
    100 * (cast(after as double) / before * exp(-{{ z95() }} * sqrt(1.0 / before + 1.0 / after)) - 1) as ci_low,
    100 * (cast(after as double) / before * exp({{ z95() }} * sqrt(1.0 / before + 1.0 / after)) - 1) as ci_high
from counted
where least(customers_before, customers_after) >= 5
