-- One figure per scorecard, or the reason why there is none. Grain: one row per unit and complete period.
-- A whole scorecard weighs 100: of a year for which only one goal was agreed, beside others quarter by quarter, that goal
-- is a part.
with weighed as (
    select
        org_unit_id,
        period_kind,
        period_start,
        sum(cast(weight as decimal(9, 3))) as agreed_weight,
        coalesce(sum(cast(weight as decimal(9, 3))) filter (where reason is null), 0) as scored_weight,
        -- decimals, because a sum of doubles depends on the order of its rows
        sum(cast(weight as decimal(9, 3)) * cast(attainment as decimal(18, 9))) as points
    from {{ ref('scorecards') }}
    group by org_unit_id, period_kind, period_start
),

measured as (
    select
        *,
        -- a hundredth less is a sum of thirds
        case when agreed_weight < 99.99 then 100 else agreed_weight end as whole_weight
    from weighed
),

scored as (
    select
        *,
        case when scored_weight >= 0.7 * whole_weight then cast(points as double) / cast(scored_weight as double) end
            as score
    from measured
)

select
    org_unit_id,
    period_kind,
    period_start,
    round(score, 9) as score,
    round(100 * cast(scored_weight as double) / cast(whole_weight as double), 9) as scored_weight,
    case when score is null then 'grey' when score >= 100 then 'green' when score > 0 then 'amber' else 'red' end as rag,
    case when score is null then 'too_little_weight' end as reason
from scored
