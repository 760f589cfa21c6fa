-- Does a reward drive out what people did for nothing? Unrewarded deeds of members in the 56 days before a reward starts,
-- and before it stops, against the 56 days after. Grain: one row per programme rule and turn (start, stop) whose days have
-- all passed. A ratio of two counts of the same customers; the interval is that of its logarithm, linearised over
-- customers, because who does much does it before and afterwards.
with history as (
    select {{ company_day('min(occurred_at)') }} as first_day from {{ ref('stg_loyalty_events') }}
),

turns as (
    select action_id, 'start' as turn, starts_on as turn_day from {{ ref('action_spans') }} where action_type = 'programme_rule'
    union all
    select action_id, 'stop' as turn, ends_on as turn_day
    from {{ ref('action_spans') }}
    where action_type = 'programme_rule' and ends_on is not null
),

deeds as (
    select
        t.action_id,
        t.turn,
        t.turn_day,
        e.customer_no,
        count(*) filter (where e.event_day < t.turn_day) as before,
        count(*) filter (where e.event_day >= t.turn_day) as after
    from turns as t
    -- before the history nobody knows what was done
    inner join history as h on t.turn_day - interval 56 day >= h.first_day
    inner join {{ ref('loyalty_events') }} as e
        on e.event_day >= t.turn_day - interval 56 day and e.event_day < t.turn_day + interval 56 day
    where
        not e.is_rewarded
        and e.event_type in ('check_in', 'share', 'review', 'content', 'community', 'referral', 'challenge')
        and {{ is_over('t.turn_day + interval 55 day') }}
    group by t.action_id, t.turn, t.turn_day, e.customer_no
),

counted as (
    select
        action_id,
        turn,
        turn_day,
        cast(sum(before) as double) as before,
        cast(sum(after) as double) as after,
        cast(count(*) as double) as customers,
        cast(sum(before * before) as double) as before_squared,
        cast(sum(before * after) as double) as crossed,
        cast(sum(after * after) as double) as after_squared,
        least(count(*) filter (where before > 0), count(*) filter (where after > 0)) as n
    from deeds
    group by action_id, turn, turn_day
),

told as (
    select
        *,
        sqrt(
            customers / (customers - 1)
            * greatest(0, before_squared / (before * before) - 2 * crossed / (before * after) + after_squared / (after * after))
        ) as log_error
    from counted
    where n >= 5
)

select
    action_id,
    turn,
    turn_day,
    n,
    100 * (after / before - 1) as value,
    100 * (after / before * exp(-{{ z95() }} * log_error) - 1) as ci_low,
    100 * (after / before * exp({{ z95() }} * log_error) - 1) as ci_high
from told
