-- Every KPI's value with its uncertainty. Grain: one row per KPI, org unit (with all below it), period and slice.
-- Hidden cells (kpi_hidden_cells) keep their place and lose their numbers. Rounded to nine decimals: what
-- lies below differs between machines, not between customers.
with cells as (
    select
        kpi_id,
        org_unit_id,
        period_kind,
        period_start,
        slice_dimension,
        slice_value,
        n,
        n_weak,
        cast(sum_x as double) as sum_x,
        cast(sum_y as double) as sum_y,
        sum_xx,
        sum_xy,
        sum_yy,
        cast(sum_y as double) / cast(sum_x as double) as rate
    from {{ ref('kpi_cells') }}
),

spread as (
    select *, case when n > 1 then {{ rate_variance() }} end as rate_variance from cells
),

sized as (
    select *, {{ effective_n() }} as effective_n, {{ overdispersion() }} as overdispersion
    from spread
),

bounded as (
    select
        s.*,
        k.scale,
        k."offset",
        r.natural_min,
        r.natural_max,
        k.interval = 'ratio' and s.n > 1 as may_hide_spread,
        round(k.scale * (s.rate + k."offset"), 9) as value,
        case
            when s.n < 2 then null
            when k.interval = 'adj_wald' then {{ adj_wald_bound('-') }}
            when k.interval = 'wilson' then {{ wilson_bound('-') }}
            when k.interval = 'poisson' then {{ poisson_lower() }}
            when k.interval = 'ratio' then {{ ratio_bound('-') }}
            when k.interval = 'effect' then {{ effect_bound('-') }}
        end as rate_low,
        case
            when s.n < 2 then null
            when k.interval = 'adj_wald' then {{ adj_wald_bound('+') }}
            when k.interval = 'wilson' then {{ wilson_bound('+') }}
            when k.interval = 'poisson' then {{ poisson_upper() }}
            when k.interval = 'ratio' then {{ ratio_bound('+') }}
            when k.interval = 'effect' then {{ effect_bound('+') }}
        end as rate_high
    from sized as s
    inner join {{ ref('kpis') }} as k on s.kpi_id = k.kpi_id
    left join {{ ref('kpi_rules') }} as r on s.kpi_id = r.kpi_id
),

judged as (
    select
        b.*,
        case
            when h.kpi_id is not null then 'hidden'
            when p.is_complete then 'shown'
            else 'provisional'
        end as status
    from bounded as b
    inner join {{ ref('periods') }} as p on b.period_kind = p.period_kind and b.period_start = p.period_start
    left join {{ ref('kpi_hidden_cells') }} as h
        on b.kpi_id = h.kpi_id
        and b.org_unit_id = h.org_unit_id
        and b.period_kind = h.period_kind
        and b.period_start = h.period_start
        and b.slice_dimension = h.slice_dimension
        and b.slice_value = h.slice_value
)

select
    kpi_id,
    org_unit_id,
    period_kind,
    period_start,
    slice_dimension,
    slice_value,
    case when status <> 'hidden' then cast(n as bigint) end as n,
    case when status <> 'hidden' then sum_y end as numerator,
    case when status <> 'hidden' then sum_x end as denominator,
    case when status <> 'hidden' then value end as value,
    {%- for name, bound, end, other in [
        ('ci_low', 'rate_low', 'natural_max', 'natural_min'), ('ci_high', 'rate_high', 'natural_min', 'natural_max'),
    ] %}
    case
        when status = 'hidden' then null
        when may_hide_spread and value = {{ end }} and {{ other }} is not null then round({{ end_of_scale_bound(end, other) }}, 9)
        else round({{ within_natural_bounds('scale * (' ~ bound ~ ' + "offset")') }}, 9)
    end as {{ name }},
    {%- endfor %}
    case when status <> 'hidden' then round(cast(n_weak as double) / n, 9) end as weak_share,
    status
from judged
