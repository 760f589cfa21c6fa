-- Signal or noise: each month against the limits of its own series. Grain: one row per KPI, org unit and complete month
-- with a value. XmR charts after Wheeler, Understanding Variation (1993).
-- A lasting change that somebody declared cuts the series, and so does another definition of the KPI; each part's limits
-- come from its first twelve points and stay.
with points as (
    select
        v.kpi_id,
        v.org_unit_id,
        v.period_start,
        cast(v.value as decimal(28, 9)) as value,
        coalesce(v.period_start >= r.definition_since, false) as is_newly_defined
    from {{ ref('kpi_values') }} as v
    inner join {{ ref('kpi_rules') }} as r on v.kpi_id = r.kpi_id
    where
        v.period_kind = 'month'
        and v.slice_dimension = 'all'
        and v.status = 'shown'
        -- 0: no limits, hence no row
        and case when r.signal_every_months > 0 then extract(month from v.period_start) % r.signal_every_months = 0 else false end
),

parts as (
    select
        p.*,
        (
            select count(*)
            from {{ ref('series_cuts') }} as c
            where c.org_unit_id = p.org_unit_id and c.month_start <= p.period_start
        ) + case when p.is_newly_defined then 1 else 0 end as part_no
    from points as p
),

numbered as (
    select
        *,
        row_number() over part as point_no,
        abs(value - lag(value) over part) as moving_range
    from parts
    window part as (partition by kpi_id, org_unit_id, part_no order by period_start)
),

limits as (
    select
        kpi_id,
        org_unit_id,
        part_no,
        count(*) as baseline_points,
        cast(sum(value) as double) / count(*) as centre,
        2.66 * cast(sum(moving_range) as double) / (count(*) - 1) as reach
    from numbered
    where point_no <= 12
    group by kpi_id, org_unit_id, part_no
    having count(*) >= 6
),

judged as (
    select
        n.kpi_id,
        n.org_unit_id,
        n.period_start,
        n.part_no,
        cast(n.value as double) as value,
        l.baseline_points,
        -- as exact as the values: of a series that never moves the centre is its value
        round(l.centre, 9) as centre,
        round(l.centre - l.reach, 9) as lower_limit,
        round(l.centre + l.reach, 9) as upper_limit,
        -- how far from the centre in units of the limits' distance; without any variation every step is outside
        case
            when l.reach > 0 then (cast(n.value as double) - round(l.centre, 9)) / l.reach
            else sign(cast(n.value as double) - round(l.centre, 9)) * 2
        end as distance
    from numbered as n
    left join limits as l on n.kpi_id = l.kpi_id and n.org_unit_id = l.org_unit_id and n.part_no = l.part_no
),

counted as (
    select
        *,
        count(*) filter (where distance > 0.5) over last_four as near_upper,
        count(*) filter (where distance < -0.5) over last_four as near_lower,
        count(*) filter (where distance > 0) over last_eight as above,
        count(*) filter (where distance < 0) over last_eight as below
    from judged
    window
        last_four as (partition by kpi_id, org_unit_id, part_no order by period_start rows 3 preceding),
        last_eight as (partition by kpi_id, org_unit_id, part_no order by period_start rows 7 preceding)
)

select
    kpi_id,
    org_unit_id,
    period_start,
    value,
    centre,
    lower_limit,
    upper_limit,
    cast(baseline_points as bigint) as baseline_points,
    case
        when centre is null then null
        when abs(distance) > 1 then 'outside'
        when (distance > 0.5 and near_upper >= 3) or (distance < -0.5 and near_lower >= 3) then 'near_limit'
        when above = 8 or below = 8 then 'run'
        else 'none'
    end as signal
from counted
