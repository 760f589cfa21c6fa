-- The organisation as it stands: each unit's newest version. Grain: one row per unit.
with root as (
    select org_unit_id from {{ ref('unit_root') }}
),

newest as (
    select *, row_number() over (partition by org_unit_id order by valid_from desc nulls last) as version_no
    from {{ ref('stg_org_units') }}
),

units as (
    select
        n.org_unit_id,
        case
            when n.org_unit_id = root.org_unit_id then null
            when p.org_unit_id is null or n.parent_org_unit_id = n.org_unit_id then root.org_unit_id
            else n.parent_org_unit_id
        end as parent_org_unit_id,
        n.kind,
        n.function,
        n.name_en,
        n.name_zh
    from newest as n
    cross join root
    left join (select distinct org_unit_id from newest) as p on n.parent_org_unit_id = p.org_unit_id
    where n.version_no = 1
    union all
    select
        root.org_unit_id,
        null as parent_org_unit_id,
        'company' as kind,
        null as function,
        'Company' as name_en,
        '公司' as name_zh
    from root
    where root.org_unit_id not in (select org_unit_id from newest)
),

depths as (
    select org_unit_id, count(distinct ancestor_id) - 1 as depth
    from {{ ref('unit_paths') }}
    where day_to = date '9999-12-31'
    group by org_unit_id
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
