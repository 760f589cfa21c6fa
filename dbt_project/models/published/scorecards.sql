-- Each agreed KPI against its target. Grain: one row per unit, complete period and KPI.
with agreed as (
    select
        t.*,
        case when c.is_company_only then r.org_unit_id else m.measured_org_unit_id end as measured_org_unit_id,
        k.direction,
        k.floor_basis,
        k.scored_floor,
        k.is_guardrail,
        -- few complaints are good news where customers still say what they think
        case when f.value >= u.centre then 120 else c.attainment_cap end as attainment_cap,
        k.kpi_id is not null as is_computed,
        case when o.kpi_id is null then 'all' else 'outside_campaigns' end as basis,
        coalesce(o.status, v.status) as status,
        case when o.kpi_id is null then v.n else o.n end as n,
        case when o.kpi_id is null then v.value else o.value end as value,
        case when o.kpi_id is null then v.ci_low else o.ci_low end as ci_low,
        case when o.kpi_id is null then v.ci_high else o.ci_high end as ci_high,
        case when o.kpi_id is null then v.denominator else o.denominator end as denominator
    from {{ ref('targets_in_force') }} as t
    inner join {{ ref('measured_units') }} as m
        on t.period_kind = m.period_kind and t.period_start = m.period_start and t.org_unit_id = m.org_unit_id
    cross join {{ ref('unit_root') }} as r
    left join {{ ref('kpis') }} as k on t.kpi_id = k.kpi_id
    left join {{ ref('kpi_rules') }} as c on t.kpi_id = c.kpi_id
    left join {{ ref('kpi_values') }} as v
        on t.kpi_id = v.kpi_id
        and case when c.is_company_only then r.org_unit_id else m.measured_org_unit_id end = v.org_unit_id
        and t.period_kind = v.period_kind
        and t.period_start = v.period_start
        and v.slice_dimension = 'all'
    left join {{ ref('kpi_values') }} as f
        on c.cap_lifted_by = f.kpi_id
        and m.measured_org_unit_id = f.org_unit_id
        and t.period_kind = f.period_kind
        and t.period_start = f.period_start
        and f.slice_dimension = 'all'
    left join {{ ref('kpi_signals') }} as u
        on f.kpi_id = u.kpi_id
        and f.org_unit_id = u.org_unit_id
        and f.status = 'shown'
        and {{ last_month('f.period_kind', 'f.period_start') }} = u.period_start
    -- what campaigns moved is not the unit's merit, where enough was done without them
    left join {{ ref('kpi_values') }} as o
        on t.kpi_id = o.kpi_id
        and v.org_unit_id = o.org_unit_id
        and t.period_kind = o.period_kind
        and t.period_start = o.period_start
        and o.slice_dimension = 'campaign'
        and o.slice_value = 'outside'
        and o.status = 'shown'
        and case k.floor_basis when 'x' then o.denominator else o.n end >= k.scored_floor
),

reasoned as (
    select
        *,
        case
            when not is_computed then 'not_computed'
            when is_guardrail then 'guardrail'
            when direction = 'band' and (band_low is null or band_high is null) then 'no_target'
            when direction <> 'band' and target is null then 'no_target'
            when status is null then 'no_value'
            when status = 'hidden' then 'hidden'
            when case floor_basis when 'x' then denominator else n end < scored_floor then 'below_floor'
        end as reason
    from agreed
),

scored as (
    select
        *,
        case when reason is null then round(least({{ attainment() }}, attainment_cap), 9) end as attainment,
        case when reason is null then {{ verdict() }} else 'not_scored' end as verdict
    from reasoned
)

select
    org_unit_id,
    period_kind,
    period_start,
    kpi_id,
    measured_org_unit_id,
    basis,
    value,
    n,
    ci_low,
    ci_high,
    threshold,
    target,
    stretch,
    cast(weight as double) as weight,
    attainment,
    verdict,
    case
        when reason is not null then 'grey'
        when attainment >= 100 then 'green'
        when attainment = 0 or verdict = 'missed' then 'red'
        else 'amber'
    end as rag,
    reason
from scored
