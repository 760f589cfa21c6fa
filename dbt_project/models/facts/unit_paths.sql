-- Every unit with the units above it, as the tree stood at the time. Grain: one row per unit, ancestor (itself
-- and the root included) and interval of days in which that path held.
-- A unit outside its own validity keeps the latest version that started before, else its earliest.
with recursive root as (
    select org_unit_id from {{ ref('unit_root') }}
),

versions as (
    select
        org_unit_id,
        parent_org_unit_id,
        coalesce(cast(valid_from as date), date '0001-01-01') as valid_from,
        coalesce(cast(valid_to as date), date '9999-12-31') as valid_to
    from {{ ref('stg_org_units') }}
),

epoch_starts as (
    select date '0001-01-01' as day_from
    union
    select valid_from from versions
    union
    select valid_to from versions where valid_to < date '9999-12-31'
),

epochs as (
    select day_from, lead(day_from, 1, date '9999-12-31') over (order by day_from) as day_to
    from epoch_starts
),

ranked as (
    select
        e.day_from,
        v.org_unit_id,
        v.parent_org_unit_id,
        row_number() over (
            partition by e.day_from, v.org_unit_id
            order by
                case
                    when v.valid_from <= e.day_from and e.day_from < v.valid_to then 0
                    when v.valid_from <= e.day_from then 1
                    else 2
                end,
                case when v.valid_from <= e.day_from then v.valid_from end desc nulls last,
                v.valid_from
        ) as choice
    from epochs as e
    cross join versions as v
),

parents as (
    select
        r.day_from,
        r.org_unit_id,
        case
            when r.org_unit_id = root.org_unit_id then null
            when p.org_unit_id is null or r.parent_org_unit_id = r.org_unit_id then root.org_unit_id
            else r.parent_org_unit_id
        end as parent_org_unit_id
    from ranked as r
    cross join root
    left join (select distinct org_unit_id from versions) as p on r.parent_org_unit_id = p.org_unit_id
    where r.choice = 1
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
