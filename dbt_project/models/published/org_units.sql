-- The organisation as it stands on the day of the run: a later version of a unit says nothing yet. Grain: one row per unit.
with root as (
    select org_unit_id from {{ ref('unit_root') }}
),

clock as (
    select {{ company_day('as_of') }} as today from {{ source('config', 'settings') }}
),

units as (
    select v.org_unit_id, v.parent_org_unit_id, v.kind, v.function, v.name_en, v.name_zh
    from {{ ref('unit_versions') }} as v
    inner join clock on clock.today >= v.day_from and clock.today < v.day_to
    union all
    select
        root.org_unit_id,
        null as parent_org_unit_id,
        'company' as kind,
        null as function,
        'Company' as name_en,
        '公司' as name_zh
    from root
    where root.org_unit_id not in (select org_unit_id from {{ ref('unit_versions') }})
),

depths as (
    select p.org_unit_id, count(distinct p.ancestor_id) - 1 as depth
    from {{ ref('unit_paths') }} as p
    inner join clock on clock.today >= p.day_from and clock.today < p.day_to
    group by p.org_unit_id
)

select
    u.org_unit_id,
    u.parent_org_unit_id,
    u.kind,
    u.function,
    coalesce(u.name_en, u.name_zh, u.org_unit_id) as name_en,
    coalesce(u.name_zh, u.name_en, u.org_unit_id) as name_zh,
    cast(d.depth as bigint) as depth
from units as u
inner join depths as d on u.org_unit_id = d.org_unit_id
