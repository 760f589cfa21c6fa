-- What was agreed for each complete period. Grain: one row per period, unit and KPI.
-- The latest agreement made by the period's end holds; a later one is kept and changes no past score.
with targets as (
    select *, {{ company_day('agreed_at') }} as agreed_day from {{ ref('stg_targets') }}
),

applicable as (
    select
        p.period_kind,
        p.period_start,
        t.org_unit_id,
        t.kpi_id,
        t.threshold,
        t.target,
        t.stretch,
        t.band_low,
        t.band_high,
        t.weight,
        row_number() over (
            partition by p.period_kind, p.period_start, t.org_unit_id, t.kpi_id
            order by t.agreed_at desc, t.period_start desc
        ) as place
    from {{ ref('periods') }} as p
    inner join targets as t
        on t.agreed_day < p.period_end
        and t.period_start <= p.period_start
        and (t.period_end is null or t.period_end >= p.period_end - interval 1 day)
    where p.is_complete
)

select
    period_kind,
    period_start,
    org_unit_id,
    kpi_id,
    cast(threshold as double) as threshold,
    cast(target as double) as target,
    cast(stretch as double) as stretch,
    cast(band_low as double) as band_low,
    cast(band_high as double) as band_high,
    weight
from applicable
where place = 1 and weight > 0
