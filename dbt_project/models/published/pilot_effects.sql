-- What pilots achieved: each arm's primary KPI, and how far those treated are from those held out. Grain: one row per pilot and
-- arm; what compares the arms stands on both.
-- Newcombe (1998) for proportions of customers, else the linearised ratio with Welch's degrees of freedom; a sample ratio is
-- suspicious beyond the 99.9 % point of χ² with one degree of freedom.
with arms as (
    select
        pilot_id,
        arm,
        count(*) as customers,
        cast(count(*) as double) as size,
        cast(sum(orders) as double) / count(*) as orders_mean,
        case
            when count(*) > 1
                then (sum(orders * orders) - cast(sum(orders) as double) * sum(orders) / count(*)) / (count(*) - 1)
        end as orders_variance,
        cast(count(*) filter (where orders > 0) as double) / count(*) as participation,
        1000 * cast(sum(complaints) as double) / count(*) as complaints_per_1000,
        1000 * cast(sum(contacts) as double) / count(*) as contacts_per_1000
    from {{ ref('pilot_customers') }}
    where arm <> 'both'
    group by pilot_id, arm
),

sums as (
    select
        pilot_id,
        arm,
        cast(count(*) as double) as n,
        cast(sum(x) as double) as sum_x,
        cast(sum(y) as double) as sum_y,
        cast(sum(x * x) as double) as sum_xx,
        cast(sum(x * y) as double) as sum_xy,
        cast(sum(y * y) as double) as sum_yy
    from {{ ref('pilot_rows') }}
    group by pilot_id, arm
    having sum(x) > 0
),

rated as (
    select *, sum_y / sum_x as rate from sums
),

described as (
    select *, case when n > 1 then greatest(0.0, {{ rate_variance() }}) end as rate_variance from rated
),

paired as (
    select
        t.pilot_id,
        t.rate as p1,
        t.n as n1,
        h.rate as p2,
        h.n as n2,
        t.rate_variance + h.rate_variance as variance,
        t.rate_variance * t.rate_variance / (t.n - 1) + h.rate_variance * h.rate_variance / (h.n - 1) as spread,
        t.sum_xx = t.sum_x and h.sum_xx = h.sum_x as is_share
    from described as t
    inner join described as h on t.pilot_id = h.pilot_id and h.arm = 'holdout'
    where t.arm = 'treated' and t.n > 1 and h.n > 1
),

reached as (
    select
        *,
        case
            when spread > 0
                then {{ t_quantile('cast(0.975 as double)', 'variance * variance / spread') }} * sqrt(variance)
        end as reach
    from paired
),

differences as (
    select
        p.pilot_id,
        k.scale * (p.p1 - p.p2) as difference,
        case
            when k.interval = 'wilson' and p.is_share then k.scale * {{ newcombe_bound('-') }}
            when p.spread > 0 then k.scale * (p.p1 - p.p2 - p.reach)
        end as difference_low,
        case
            when k.interval = 'wilson' and p.is_share then k.scale * {{ newcombe_bound('+') }}
            when p.spread > 0 then k.scale * (p.p1 - p.p2 + p.reach)
        end as difference_high,
        case k.direction when 'higher' then 1 when 'lower' then -1 end as better
    from {{ ref('pilot_spans') }} as s
    inner join {{ ref('kpis') }} as k on s.primary_kpi_id = k.kpi_id
    inner join reached as p on s.pilot_id = p.pilot_id
),

compared as (
    select
        s.pilot_id,
        power(t.size - s.planned_share * (t.size + h.size), 2)
        / nullif(s.planned_share * (1 - s.planned_share) * (t.size + h.size), 0) as chi_square,
        t.orders_mean / nullif(h.orders_mean, 0) as ratio,
        -- where nothing varies nobody knows how sure it is
        nullif(sqrt(
            t.orders_variance / nullif(t.size * t.orders_mean * t.orders_mean, 0)
            + h.orders_variance / nullif(h.size * h.orders_mean * h.orders_mean, 0)
        ), 0) as log_error
    from {{ ref('pilot_spans') }} as s
    inner join arms as t on s.pilot_id = t.pilot_id and t.arm = 'treated'
    inner join arms as h on s.pilot_id = h.pilot_id and h.arm = 'holdout'
),

both_arms as (
    select pilot_id, count(*) as customers from {{ ref('pilot_customers') }} where arm = 'both' group by pilot_id
),

smallest as (
    select pilot_id, case when count(*) = 2 then min(n) else 0 end as n from sums group by pilot_id
),

judged as (
    select
        w.*,
        a.arm,
        a.customers,
        case
            when k.kpi_id is null or a.customers < k.shown_floor or coalesce(m.n, 0) < k.shown_floor then 'hidden'
            -- all less the arms would be these few
            when o.others < k.shown_floor then 'hidden'
            when w.is_open or not {{ is_over('(w.ends_on + cast(k.matures_after_days as integer))') }} then 'provisional'
            else 'shown'
        end as status
    from {{ ref('pilot_spans') }} as w
    inner join arms as a on w.pilot_id = a.pilot_id
    left join {{ ref('kpis') }} as k on w.primary_kpi_id = k.kpi_id
    left join smallest as m on w.pilot_id = m.pilot_id
    left join {{ ref('pilot_others') }} as o on w.pilot_id = o.pilot_id
)

select
    j.pilot_id,
    j.arm,
    n.name_en,
    n.name_zh,
    n.hypothesis,
    n.decision_rule,
    j.primary_kpi_id,
    j.starts_on,
    j.ends_on,
    j.status,
    case when j.status <> 'hidden' then cast(j.customers as bigint) end as customers,
    case when j.status <> 'hidden' then cast(coalesce(b.customers, 0) as bigint) end as in_both_arms,
    case when j.status <> 'hidden' then cast(d.n as bigint) end as n,
    case when j.status <> 'hidden' then round(k.scale * (d.rate + k."offset"), 9) end as value,
    case when j.status <> 'hidden' then round(f.difference, 9) end as difference,
    case when j.status <> 'hidden' then round(f.difference_low, 9) end as difference_low,
    case when j.status <> 'hidden' then round(f.difference_high, 9) end as difference_high,
    case
        when j.status = 'hidden' or f.better is null or f.difference_low is null then null
        when f.better * f.difference_low > 0 and f.better * f.difference_high > 0 then 'better'
        when f.better * f.difference_low < 0 and f.better * f.difference_high < 0 then 'worse'
        else 'uncertain'
    end as verdict,
    case when c.chi_square > 10.827566170662733 then 'suspicious' when c.chi_square is not null then 'as_planned' end
        as sample_ratio,
    case when j.status <> 'hidden' then round(c.chi_square, 9) end as chi_square,
    case when j.status <> 'hidden' then round(a.participation, 9) end as participation,
    case when j.status <> 'hidden' then round(a.orders_mean, 9) end as orders_per_customer,
    case when j.status <> 'hidden' then round(c.ratio - 1, 9) end as orders_lift,
    case when j.status <> 'hidden' then round(c.ratio * exp(-{{ z95() }} * c.log_error) - 1, 9) end as orders_lift_low,
    case when j.status <> 'hidden' then round(c.ratio * exp({{ z95() }} * c.log_error) - 1, 9) end as orders_lift_high,
    case when j.status <> 'hidden' then round(a.complaints_per_1000, 9) end as complaints_per_1000,
    case when j.status <> 'hidden' then round(a.contacts_per_1000, 9) end as contacts_per_1000
from judged as j
inner join {{ ref('stg_pilots') }} as n on j.pilot_id = n.pilot_id
inner join arms as a on j.pilot_id = a.pilot_id and j.arm = a.arm
left join {{ ref('kpis') }} as k on j.primary_kpi_id = k.kpi_id
left join described as d on j.pilot_id = d.pilot_id and j.arm = d.arm
left join differences as f on j.pilot_id = f.pilot_id
left join compared as c on j.pilot_id = c.pilot_id
left join both_arms as b on j.pilot_id = b.pilot_id
