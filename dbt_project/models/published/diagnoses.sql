-- What the rules of diagnosis find, with the numbers that made them fire. Grain: one row per unit, period, rule, KPI and
-- subject. Made from published cells alone: what is hidden there is unknown here. Numbers are in the KPI's unit.
-- Rules, each a CTE: the experience engine by signals of three KPIs, trust by its weakest factors, what campaigns lift,
-- kinds of loyalty, complaints against matched customers, the worst touchpoints by attainment, changes beside actions.
{%- set cell %}
        org_unit_id, period_kind, period_start
{%- endset %}
with shown as (
    select * from {{ ref('kpi_values') }} where status = 'shown'
),

signals as (
    select
        s.*,
        k.direction,
        case
            when s.signal is null or s.signal = 'none' then 0
            when (s.value > s.centre) = (k.direction = 'higher') then 1
            else -1
        end as turn
    from {{ ref('kpi_signals') }} as s
    inner join {{ ref('kpis') }} as k on s.kpi_id = k.kpi_id
),

experience as (
    select
        *,
        count(*) filter (where turn > 0) over same_month as better,
        count(*) filter (where turn < 0) over same_month as worse
    from signals
    where kpi_id in ('ces_effort', 'csat_t2b', 'nps_touchpoint')
    window same_month as (partition by org_unit_id, period_start)
),

experience_engine as (
    select
        org_unit_id, 'month' as period_kind, period_start, 'experience_engine' as rule,
        case
            when better > 0 and worse > 0 then 'experience_contradictory'
            when better = 3 then 'experience_working'
            when better > 0 then 'experience_mixed'
            else 'experience_worsening'
        end as finding,
        kpi_id, 'all' as subject, value, centre as reference, lower_limit as ci_low, upper_limit as ci_high,
        cast(null as bigint) as n, cast(null as double) as attainment,
        case when better > 0 and worse = 0 then 'good' when worse > 1 or better > 0 then 'act' else 'watch' end as severity,
        1 as place
    from experience
    where turn <> 0
),

-- a factor below its floor, by default below 0: more people disagree than agree
trust_foundation as (
    select
        {{- cell }}, 'trust_foundation' as rule, 'foundation_shaking' as finding,
        kpi_id, slice_value as subject, value, f.floor as reference, ci_low, ci_high, n, cast(null as double) as attainment,
        case when ci_high < f.floor then 'act' else 'watch' end as severity,
        rank() over (partition by org_unit_id, period_kind, period_start order by value) as place
    from shown
    inner join {{ source('config', 'trust_floors') }} as f on slice_value = f.item
    where kpi_id = 'trust_index' and slice_dimension = 'item' and value < f.floor
),

campaign_spike as (
    select
        i.org_unit_id, i.period_kind, i.period_start, 'campaign_spike' as rule,
        case
            when i.ci_low > o.value then 'campaign_lifts'
            when i.ci_high < o.value then 'campaign_lowers'
            else 'campaign_no_difference'
        end as finding,
        i.kpi_id, 'campaign' as subject, i.value, o.value as reference, i.ci_low, i.ci_high, i.n,
        cast(null as double) as attainment, 'note' as severity, 1 as place
    from shown as i
    inner join shown as o
        on i.kpi_id = o.kpi_id
        and i.org_unit_id = o.org_unit_id
        and i.period_kind = o.period_kind
        and i.period_start = o.period_start
        and o.slice_dimension = 'campaign'
        and o.slice_value = 'outside'
    where i.slice_dimension = 'campaign' and i.slice_value = 'inside'
),

newest as (
    select max(period_start) as period_start from {{ ref('periods') }} where period_kind = 'month' and is_complete
),

kinds as (
    select loyalty_kind, count(*) as customers, sum(count(*)) over () as all_customers
    from {{ ref('customers') }}
    where loyalty_kind is not null
    group by loyalty_kind
),

-- Dick and Basu (1994), Journal of the Academy of Marketing Science 22, 99-113
loyalty_kind as (
    select
        r.org_unit_id, 'month' as period_kind, m.period_start, 'loyalty_kind' as rule, 'loyalty_' || k.loyalty_kind as finding,
        'all' as kpi_id, k.loyalty_kind as subject, 100.0 * k.customers / cast(k.all_customers as double) as value,
        cast(null as double) as reference, cast(null as double) as ci_low, cast(null as double) as ci_high,
        k.customers as n, cast(null as double) as attainment,
        case k.loyalty_kind when 'true' then 'good' when 'spurious' then 'watch' else 'note' end as severity,
        row_number() over (order by k.customers desc, k.loyalty_kind asc) as place
    from kinds as k
    cross join newest as m
    cross join {{ ref('unit_root') }} as r
    -- all there are or none: the missing one would be the rest
    where (select min(customers) from kinds) >= 5
),

-- never without the matched control and its interval
post_complaint as (
    select
        g.org_unit_id, g.period_kind, g.period_start, 'post_complaint' as rule,
        case
            when g.ci_low > 0 then 'complainers_stay_more'
            when g.ci_high < 0 then 'complainers_stay_less'
            else 'complainers_no_difference'
        end as finding,
        g.kpi_id, 'all' as subject, g.value, 0.0 as reference, g.ci_low, g.ci_high, s.n, cast(null as double) as attainment,
        case when g.ci_low > 0 then 'good' when g.ci_high < 0 then 'act' else 'note' end as severity, 1 as place
    from {{ ref('kpi_details') }} as g
    inner join shown as s
        on g.kpi_id = s.kpi_id
        and g.org_unit_id = s.org_unit_id
        and g.period_kind = s.period_kind
        and g.period_start = s.period_start
        and g.slice_dimension = s.slice_dimension
        and g.slice_value = s.slice_value
    where g.measure = 'control_gap' and g.ci_low is not null
),

touchpoints as (
    select
        s.*, t.threshold, t.target, t.stretch, t.band_low, t.band_high, t.weight, k.direction, r.attainment_cap,
        t.org_unit_id as scored_unit
    from shown as s
    inner join {{ ref('measured_units') }} as m
        on s.org_unit_id = m.measured_org_unit_id
        and s.period_kind = m.period_kind
        and s.period_start = m.period_start
    inner join {{ ref('targets_in_force') }} as t
        on s.kpi_id = t.kpi_id
        and m.org_unit_id = t.org_unit_id
        and s.period_kind = t.period_kind
        and s.period_start = t.period_start
    inner join {{ ref('kpis') }} as k on s.kpi_id = k.kpi_id
    inner join {{ ref('kpi_rules') }} as r on s.kpi_id = r.kpi_id
    where
        s.slice_dimension in ('touchpoint', 'journey_stage')
        and not k.is_guardrail
        and case when k.direction = 'band' then t.band_low is not null and t.band_high is not null else t.target is not null end
),

attained as (
    select
        *, round(least({{ attainment() }}, attainment_cap), 9) as attainment, {{ verdict() }} as verdict
    from touchpoints
),

worst_touchpoints as (
    select
        scored_unit as org_unit_id, period_kind, period_start,
        'worst_' || slice_dimension as rule, 'below_target_at' as finding, kpi_id, slice_value as subject, value,
        coalesce(target, band_low) as reference, ci_low, ci_high, n, attainment,
        case verdict when 'missed' then 'act' else 'watch' end as severity,
        row_number() over (
            partition by scored_unit, period_kind, period_start, slice_dimension
            order by attainment asc, cast(weight as double) desc, n desc, kpi_id asc, slice_value asc
        ) as place
    from attained
    where attainment < 100
),

-- an action that began in the month of a signal or the month before, for the unit or one above it
coincidence as (
    select
        turned.org_unit_id, 'month' as period_kind, turned.period_start, 'coincidence' as rule, 'coincidence_in_time' as finding,
        turned.kpi_id, a.action_id as subject, turned.value, turned.centre as reference,
        turned.lower_limit as ci_low, turned.upper_limit as ci_high,
        cast(null as bigint) as n, cast(null as double) as attainment, 'note' as severity, 1 as place
    from signals as turned
    inner join {{ ref('action_spans') }} as a
        on turned.turn <> 0
        and a.action_type in ('price_change', 'product_launch', 'campaign', 'service_policy', 'programme_rule')
        and cast(date_trunc('month', a.starts_on) as date)
        between {{ add_months('turned.period_start', -1) }} and turned.period_start
    where exists (
        select 1
        from {{ ref('unit_paths') }} as p
        where
            p.org_unit_id = turned.org_unit_id
            and p.ancestor_id = a.org_unit_id
            and turned.period_start >= p.day_from
            and turned.period_start < p.day_to
    )
),

found as (
    {%- for rule in ['experience_engine', 'trust_foundation', 'campaign_spike', 'loyalty_kind', 'post_complaint',
        'worst_touchpoints', 'coincidence'] %}
    select * from {{ rule }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    org_unit_id,
    period_kind,
    period_start,
    rule,
    kpi_id,
    subject,
    finding,
    severity,
    cast(place as bigint) as place,
    round(cast(value as double), 9) as value,
    round(cast(reference as double), 9) as reference,
    round(cast(ci_low as double), 9) as ci_low,
    round(cast(ci_high as double), 9) as ci_high,
    cast(n as bigint) as n,
    attainment
from found
