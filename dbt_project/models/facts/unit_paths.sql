-- Every unit with the units above it, as the tree stood at the time. Grain: one row per unit, ancestor (itself
-- and the root included) and interval of days in which that path held.
with recursive root as (
    select org_unit_id from {{ ref('unit_root') }}
),

epochs as (
    select distinct day_from, day_to from {{ ref('unit_versions') }}
    union
    -- a company without units
    select date '0001-01-01' as day_from, date '9999-12-31' as day_to
    where not exists (select 1 from {{ ref('unit_versions') }})
),

parents as (
    select day_from, org_unit_id, parent_org_unit_id from {{ ref('unit_versions') }}
),

walk as (
    select day_from, org_unit_id, org_unit_id as ancestor_id, parent_org_unit_id as next_id, 0 as steps
    from parents
    union all
    select w.day_from, w.org_unit_id, p.org_unit_id as ancestor_id, p.parent_org_unit_id as next_id, w.steps + 1 as steps
    from walk as w
    inner join parents as p on w.day_from = p.day_from and w.next_id = p.org_unit_id
    where w.steps < 20
),

members as (
    select day_from, org_unit_id, ancestor_id, min(steps) as steps
    from (
        select day_from, org_unit_id, ancestor_id, steps from walk
        union all
        select p.day_from, p.org_unit_id, root.org_unit_id as ancestor_id, 21 as steps from parents as p cross join root
        union all
        select e.day_from, root.org_unit_id, root.org_unit_id as ancestor_id, 0 as steps from epochs as e cross join root
    ) as every_step
    group by day_from, org_unit_id, ancestor_id
),

-- Most units never move: runs of epochs with an unchanged ancestor become one interval.
runs as (
    select
        m.*,
        e.day_to,
        case when lag(e.day_to) over same_ancestor = m.day_from then 0 else 1 end as starts_run
    from members as m
    inner join epochs as e on m.day_from = e.day_from
    window same_ancestor as (partition by m.org_unit_id, m.ancestor_id order by m.day_from)
),

numbered as (
    select
        *,
        sum(starts_run) over (partition by org_unit_id, ancestor_id order by day_from) as run_no
    from runs
)

select
    org_unit_id,
    ancestor_id,
    -- numbers are quicker to group by
    cast(dense_rank() over (order by ancestor_id) as smallint) as ancestor_no,
    min(day_from) as day_from,
    max(day_to) as day_to
from numbered
group by org_unit_id, ancestor_id, run_no
