-- noqa: disable=LT05
-- The engines and foundations of loyalty, one figure a row. Grain: engine, measure, subject, unit and complete period.
-- Most are published cells read anew, so that what is hidden there is unknown here; incentives, crowding-out, drivers of
-- satisfaction and kinds of loyalty are counted for the company, and none is shown of fewer customers than five.
with shown as (
    select * from {{ ref('kpi_values') }} where status = 'shown'
),

-- KPI cells that are figures of an engine: which KPI, which slice
read as (
    {%- for engine, measure, kpi, dimension in [
        ('perceived_value', 'net_value', 'perceived_value', 'all'),
        ('perceived_value', 'benefit_or_cost', 'perceived_value', 'item'),
        ('experience', 'ces_effort', 'ces_effort', 'all'),
        ('experience', 'ces_effort', 'ces_effort', 'journey_stage'),
        ('experience', 'csat_t2b', 'csat_t2b', 'journey_stage'),
        ('experience', 'nps_touchpoint', 'nps_touchpoint', 'journey_stage'),
        ('feedback', 'complaint_step', 'complaint_formula', 'item'),
        ('feedback', 'retention_after', 'post_complaint_retention', 'all'),
        ('trust', 'trust_index', 'trust_index', 'all'),
        ('trust', 'factor', 'trust_index', 'item'),
        ('satisfaction', 'satisfaction_index', 'satisfaction_index', 'all'),
        ('motivation', 'intrinsic_share', 'intrinsic_share', 'all'),
    ] %}
    select
        '{{ engine }}' as engine, '{{ measure }}' as measure, slice_value as subject, org_unit_id, period_kind, period_start,
        value, ci_low, ci_high, n
    from shown
    where kpi_id = '{{ kpi }}' and slice_dimension = '{{ dimension }}'
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

beside as (
    select
        'feedback' as engine, d.measure, d.slice_value as subject, d.org_unit_id, d.period_kind, d.period_start,
        d.value, d.ci_low, d.ci_high, s.n
    from {{ ref('kpi_details') }} as d
    inner join shown as s
        on d.kpi_id = s.kpi_id
        and d.org_unit_id = s.org_unit_id
        and d.period_kind = s.period_kind
        and d.period_start = s.period_start
        and d.slice_dimension = s.slice_dimension
        and d.slice_value = s.slice_value
    where d.measure in ('control_value', 'control_gap')
),

bands as (
    select
        m.measured_org_unit_id as org_unit_id, t.period_kind, t.period_start,
        min(t.band_low) as band_low, max(t.band_high) as band_high
    from {{ ref('targets_in_force') }} as t
    inner join {{ ref('measured_units') }} as m
        on t.org_unit_id = m.org_unit_id and t.period_kind = m.period_kind and t.period_start = m.period_start
    where t.kpi_id = 'satisfaction_index'
    group by m.measured_org_unit_id, t.period_kind, t.period_start
),

incentive_cells as (
    select
        measure,
        subject,
        period_start,
        count(*) as n,
        sum(x) as sum_x,
        sum(y) as sum_y,
        cast(sum(x * x) as double) as sum_xx,
        cast(sum(x * y) as double) as sum_xy,
        cast(sum(y * y) as double) as sum_yy,
        cast(sum(y) as double) / cast(sum(x) as double) as rate
    from {{ ref('incentives') }}
    group by measure, subject, period_start
    having count(*) >= 5
),

incentive_spread as (
    select *, {{ rate_variance() }} as rate_variance from incentive_cells
),

incentive_sizes as (
    select *, cast({{ effective_n() }} as double) as effective_n from incentive_spread
),

kinds as (
    select loyalty_kind, count(*) as n, sum(count(*)) over () as all_n
    from {{ ref('customers') }}
    where loyalty_kind is not null
    group by loyalty_kind
),

kind_shares as (
    select loyalty_kind, n, cast(n as double) / cast(all_n as double) as rate, cast(all_n as double) as effective_n
    from kinds
    -- all or none: one that is missing would be the rest
    where (select min(fewest.n) from kinds as fewest) >= 5
),

of_the_company as (
    select
        'incentives' as engine, measure, subject, 'quarter' as period_kind, period_start, 100 * rate as value,
        100 * {{ wilson_bound('-') }} as ci_low, 100 * {{ wilson_bound('+') }} as ci_high, n
    from incentive_sizes
    union all
    select
        'incentives' as engine, 'unrewarded_after_' || turn as measure, action_id as subject, 'month' as period_kind,
        cast(date_trunc('month', turn_day) as date) as period_start, value, ci_low, ci_high, n
    from {{ ref('crowding_out') }}
    union all
    select
        'satisfaction' as engine, 'driver' as measure, item as subject, 'quarter' as period_kind, period_start, value,
        ci_low, ci_high, n
    from {{ ref('satisfaction_drivers') }}
    union all
    select
        'motivation' as engine, 'loyalty_kind' as measure, k.loyalty_kind as subject, 'month' as period_kind,
        p.period_start, 100 * k.rate as value, 100 * {{ wilson_bound('-') }} as ci_low,
        100 * {{ wilson_bound('+') }} as ci_high, k.n
    from kind_shares as k
    cross join (
        select max(period_start) as period_start from {{ ref('periods') }} where period_kind = 'month' and is_complete
    ) as p
),

figures as (
    select * from read
    union all
    select * from beside
    union all
    select
        c.engine, c.measure, c.subject, r.org_unit_id, c.period_kind, c.period_start, c.value, c.ci_low, c.ci_high, c.n
    from of_the_company as c
    cross join {{ ref('unit_root') }} as r
),

ranked as (
    select
        *,
        row_number() over (
            partition by engine, measure, org_unit_id, period_kind, period_start order by value, subject
        ) as place_from_below,
        count(*) over (partition by engine, measure, org_unit_id, period_kind, period_start) as compared
    from figures
)

select
    f.engine,
    f.measure,
    f.subject,
    f.org_unit_id,
    f.period_kind,
    f.period_start,
    round(f.value, 9) as value,
    round(f.ci_low, 9) as ci_low,
    round(f.ci_high, 9) as ci_high,
    cast(f.n as bigint) as n,
    case
        when f.measure in ('factor', 'complaint_step', 'growth_step') and f.place_from_below = 1 and f.compared > 1 then 'weakest'
        when f.measure = 'benefit_or_cost' or f.measure = 'net_value' then
            case when f.ci_low > 0 then 'adds_value' when f.ci_high < 0 then 'takes_value' else 'undecided' end
        when f.measure like 'unrewarded_after_%' then
            case when f.ci_high < 0 then 'fell' when f.ci_low > 0 then 'rose' else 'undecided' end
        when f.measure in ('driver', 'control_gap') then
            case when f.ci_low > 0 then 'goes_with_more' when f.ci_high < 0 then 'goes_with_less' else 'undecided' end
        when f.measure = 'satisfaction_index' then
            case when f.value < b.band_low then 'below_band' when f.value > b.band_high then 'above_band' when b.band_low is not null then 'in_band' end
    end as reading
from ranked as f
left join bands as b
    on f.org_unit_id = b.org_unit_id and f.period_kind = b.period_kind and f.period_start = b.period_start
