-- Each unit as it was told to be at the time. Grain: one row per unit and interval of days between two changes of any unit.
-- A unit outside its own validity keeps the latest version that started before, else its earliest. A parent that is unknown,
-- or the unit itself, is the company; the company has none.
with versions as (
    select
        *,
        coalesce(cast(valid_from as date), date '0001-01-01') as first_day,
        coalesce(cast(valid_to as date), date '9999-12-31') as day_after
    from {{ ref('stg_org_units') }}
),

epoch_starts as (
    select date '0001-01-01' as day_from
    union
    select first_day from versions
    union
    select day_after from versions where day_after < date '9999-12-31'
),

epochs as (
    select day_from, lead(day_from, 1, date '9999-12-31') over (order by day_from) as day_to
    from epoch_starts
),

ranked as (
    select
        v.*,
        e.day_from,
        e.day_to,
        -- total order: org_unit_id and valid_from are the key
        row_number() over (
            partition by e.day_from, v.org_unit_id
            order by
                case
                    when v.first_day <= e.day_from and e.day_from < v.day_after then 0
                    when v.first_day <= e.day_from then 1
                    else 2
                end,
                case when v.first_day <= e.day_from then v.first_day end desc nulls last,
                v.first_day
        ) as choice
    from epochs as e
    cross join versions as v
)

select
    r.org_unit_id,
    r.day_from,
    r.day_to,
    case
        when r.org_unit_id = root.org_unit_id then null
        when p.org_unit_id is null or r.parent_org_unit_id = r.org_unit_id then root.org_unit_id
        else r.parent_org_unit_id
    end as parent_org_unit_id,
    r.kind,
    r.function,
    r.name_en,
    r.name_zh
from ranked as r
cross join {{ ref('unit_root') }} as root
left join (select distinct org_unit_id from versions) as p on r.parent_org_unit_id = p.org_unit_id
where r.choice = 1
