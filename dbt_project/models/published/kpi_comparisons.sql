-- noqa: disable=LT05
-- Units side by side without a league table: each unit against all that stand below the same parent. Grain: one row per
-- KPI, complete period and unit that is shown beside another one. Only shown cells enter, so nothing hidden can be had
-- from it. Funnel plots after Spiegelhalter (2005), Statistics in Medicine 24, 1185-1202; false discoveries after
-- Benjamini and Hochberg (1995), over the units that are shown together.
with shown as (
    select
        v.kpi_id,
        v.period_kind,
        v.period_start,
        u.parent_org_unit_id,
        v.org_unit_id,
        v.n,
        v.value,
        c.sum_x,
        c.sum_y,
        c.sum_xx,
        c.sum_xy,
        c.sum_yy,
        cast(c.sum_y as double) / cast(c.sum_x as double) as rate,
        k.interval,
        k.scale,
        k."offset",
        r.natural_min,
        r.natural_max
    from {{ ref('kpi_values') }} as v
    inner join {{ ref('kpi_cells') }} as c
        on v.kpi_id = c.kpi_id
        and v.org_unit_id = c.org_unit_id
        and v.period_kind = c.period_kind
        and v.period_start = c.period_start
        and v.slice_dimension = c.slice_dimension
        and v.slice_value = c.slice_value
    inner join {{ ref('org_units') }} as u on v.org_unit_id = u.org_unit_id
    inner join {{ ref('kpis') }} as k on v.kpi_id = k.kpi_id and k.interval in ('adj_wald', 'wilson', 'ratio', 'poisson')
    inner join {{ ref('kpi_rules') }} as r on v.kpi_id = r.kpi_id
    where v.status = 'shown' and v.slice_dimension = 'all' and v.n > 1 and u.parent_org_unit_id is not null
),

pooled as (
    select
        *,
        -- below a millionth of the rate it is what rounding leaves where nothing varies
        case when {{ rate_variance() }} > 1e-12 * rate * rate then {{ rate_variance() }} else 0.0 end as rate_variance,
        count(*) over siblings as compared,
        cast(sum(sum_y) over siblings as double) / cast(sum(sum_x) over siblings as double) as centre
    from shown
    window siblings as (partition by kpi_id, period_kind, period_start, parent_org_unit_id)
),

sized as (
    select *, cast({{ effective_n() }} as double) as effective_n, {{ overdispersion() }} as overdispersion
    from pooled
    where compared > 1
),

-- the variance that a unit would have if it were like all: where nothing varies within a unit, as in the most varied other
judged as (
    select
        *,
        case
            when interval = 'wilson' then centre * (1 - centre) / effective_n
            when interval = 'poisson' then centre * overdispersion / cast(sum_x as double)
            when rate_variance > 0 then rate_variance
            else max(n * rate_variance) over (partition by kpi_id, period_kind, period_start, parent_org_unit_id) / n
        end as usual_variance
    from sized
),

tested as (
    select
        *,
        (rate - centre) / sqrt(usual_variance) as deviation,
        {{ normal_tail('abs(rate - centre) / sqrt(usual_variance)') }} * 2 as p_value
    from judged
    where usual_variance > 0
),

groups as (
    select kpi_id, period_kind, period_start, parent_org_unit_id, {{ array_of('org_unit_id', 'org_unit_id') }} as units, {{ shrunk_values(
        array_of('rate', 'org_unit_id'), array_of('effective_n', 'org_unit_id'), array_of('usual_variance', 'org_unit_id'),
        "min(interval) = 'wilson'") }} as rates
    from tested
    group by kpi_id, period_kind, period_start, parent_org_unit_id
),

shrunk as (
    select kpi_id, period_kind, period_start, unnest(units) as org_unit_id, unnest(rates) as shrunk_rate
    from groups
),

ranked as (
    select
        *,
        row_number() over (
            partition by kpi_id, period_kind, period_start, parent_org_unit_id order by p_value, org_unit_id
        ) as rank_no
    from tested
),

adjusted as (
    select
        *,
        -- total order: ranks are numbered
        least(1.0, min(p_value * compared / rank_no) over (
            partition by kpi_id, period_kind, period_start, parent_org_unit_id
            order by rank_no
            rows between current row and unbounded following
        )) as q_value
    from ranked
)

select
    a.kpi_id,
    a.period_kind,
    a.period_start,
    a.parent_org_unit_id,
    a.org_unit_id,
    a.n,
    a.value,
    round(a.scale * (s.shrunk_rate + a."offset"), 9) as shrunk_value,
    round(a.scale * (a.centre + a."offset"), 9) as centre,
    {%- for name, sign, reach in [('lower_95', '-', '1.959963984540054'), ('upper_95', '+', '1.959963984540054'),
        ('lower_999', '-', '3.290526731491895'), ('upper_999', '+', '3.290526731491895')] %}
    round({{ within_natural_bounds('a.scale * (a.centre ' ~ sign ~ ' ' ~ reach ~ ' * sqrt(a.usual_variance) + a."offset")') }}, 9) as {{ name }},
    {%- endfor %}
    round(a.p_value, 9) as p_value,
    round(a.q_value, 9) as q_value,
    case
        when a.q_value > 0.1 then 'not_distinguishable'
        when a.deviation > 0 then 'clearly_higher'
        else 'clearly_lower'
    end as verdict
from adjusted as a
inner join shrunk as s
    on a.kpi_id = s.kpi_id
    and a.period_kind = s.period_kind
    and a.period_start = s.period_start
    and a.org_unit_id = s.org_unit_id
