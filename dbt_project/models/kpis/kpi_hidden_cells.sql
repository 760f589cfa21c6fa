-- noqa: disable=LT05
-- Cells that are not shown: those of fewer units than the floor, and those that would give such a cell away by
-- subtraction. Grain: one row per hidden cell.
-- Three kinds of equation tie the cells of a KPI: a unit and the units right below it (the tree of the last day that the
-- period looks back on), all and the slices of a dimension, a period and its parts. What belongs to a unit and to none
-- below it is a part, too, that is never listed.
{{ config(materialized='table') }}
with
-- each unit with the units above it, day by day of a change
epochs as (
    select distinct day_from as epoch from {{ ref('unit_paths') }}
),

depths as (
    select e.epoch, p.org_unit_id, count(*) as depth
    from epochs as e
    inner join {{ ref('unit_paths') }} as p on e.epoch >= p.day_from and e.epoch < p.day_to
    group by e.epoch, p.org_unit_id
),

parents as (
    select e.epoch, p.org_unit_id, p.ancestor_id as parent_org_unit_id, lead(e.epoch, 1, date '9999-12-31') over (
        partition by p.org_unit_id order by e.epoch
    ) as epoch_end
    from epochs as e
    inner join {{ ref('unit_paths') }} as p on e.epoch >= p.day_from and e.epoch < p.day_to
    inner join depths as below on e.epoch = below.epoch and p.org_unit_id = below.org_unit_id
    inner join depths as above on e.epoch = above.epoch and p.ancestor_id = above.org_unit_id
    where above.depth = below.depth - 1
),

looking_back as (
    select
        k.kpi_id,
        p.period_kind,
        p.period_start,
        cast(p.period_end - (1 + k.matures_after_days) * interval 1 day as date) as tree_day
    from {{ ref('kpis') }} as k
    cross join {{ ref('periods') }} as p
),

placed as (
    select c.*, k.adds, k.shown_floor, p.parent_org_unit_id, l.period_start is not null as is_listed
    from {{ ref('kpi_cells') }} as c
    inner join {{ ref('kpis') }} as k on c.kpi_id = k.kpi_id
    left join looking_back as l
        on c.kpi_id = l.kpi_id and c.period_kind = l.period_kind and c.period_start = l.period_start
    left join parents as p
        on c.org_unit_id = p.org_unit_id and l.tree_day >= p.epoch and l.tree_day < p.epoch_end
),

-- what belongs to a unit above others and to none of them
own as (
    select
        whole.kpi_id,
        whole.org_unit_id,
        whole.period_kind,
        whole.period_start,
        whole.slice_dimension,
        whole.slice_value,
        min(whole.adds) as adds,
        min(whole.shown_floor) as shown_floor,
        greatest(1, min(whole.n) - coalesce(sum(part.n), 0)) as n,
        min(whole.sum_x) - coalesce(sum(part.sum_x), 0) as sum_x
    from placed as whole
    left join placed as part
        on whole.kpi_id = part.kpi_id
        and whole.org_unit_id = part.parent_org_unit_id
        and whole.period_kind = part.period_kind
        and whole.period_start = part.period_start
        and whole.slice_dimension = part.slice_dimension
        and whole.slice_value = part.slice_value
    where whole.is_listed and whole.org_unit_id in (select parent_org_unit_id from parents)
    group by
        whole.kpi_id, whole.org_unit_id, whole.period_kind, whole.period_start, whole.slice_dimension, whole.slice_value
    having min(whole.sum_x) > coalesce(sum(part.sum_x), 0)
),

every_cell as (
    select
        kpi_id, org_unit_id, period_kind, period_start, slice_dimension, slice_value, n, sum_x, adds, shown_floor,
        parent_org_unit_id, is_listed
    from placed
    union all
    select
        kpi_id, org_unit_id || ' itself' as org_unit_id, period_kind, period_start, slice_dimension, slice_value,
        cast(n as bigint) as n, sum_x, adds, shown_floor, org_unit_id as parent_org_unit_id, false as is_listed
    from own
),

cells as (
    select *, row_number() over (
        partition by kpi_id
        order by org_unit_id, period_kind, period_start, slice_dimension, slice_value, is_listed
    ) - 1 as cell_no
    from every_cell
),

pieces as (
    select whole.kpi_id, whole.cell_no as whole_no, 'units' as equation, part.cell_no, part.sum_x, whole.sum_x as whole_x
    from cells as part
    inner join cells as whole
        on part.kpi_id = whole.kpi_id
        and part.parent_org_unit_id = whole.org_unit_id
        and part.period_kind = whole.period_kind
        and part.period_start = whole.period_start
        and part.slice_dimension = whole.slice_dimension
        and part.slice_value = whole.slice_value
    union all
    select whole.kpi_id, whole.cell_no as whole_no, part.slice_dimension as equation, part.cell_no, part.sum_x, whole.sum_x as whole_x
    from cells as part
    inner join cells as whole
        on part.kpi_id = whole.kpi_id
        and part.org_unit_id = whole.org_unit_id
        and part.period_kind = whole.period_kind
        and part.period_start = whole.period_start
        and whole.slice_dimension = 'all'
    where part.slice_dimension <> 'all'
    union all
    select whole.kpi_id, whole.cell_no as whole_no, 'period' as equation, part.cell_no, part.sum_x, whole.sum_x as whole_x
    from cells as part
    inner join cells as whole
        on part.kpi_id = whole.kpi_id
        and part.org_unit_id = whole.org_unit_id
        and part.slice_dimension = whole.slice_dimension
        and part.slice_value = whole.slice_value
        and whole.period_start = cast(date_trunc(whole.period_kind, part.period_start) as date)
    where
        -- an answer or an anchor that counts in its month need not count in its quarter
        part.adds not in ('latest', 'anchor')
        and (
            (whole.period_kind = 'quarter' and part.period_kind = 'month')
            or (whole.period_kind = 'year' and part.period_kind = 'quarter')
        )
        -- a state is that of the last month
        and (part.adds <> 'as_of' or {{ add_months('part.period_start', "case part.period_kind when 'month' then 1 else 3 end") }}
            = {{ add_months('whole.period_start', "case whole.period_kind when 'quarter' then 3 else 12 end") }})
),

-- where customers count in several parts, or in none that there is, nobody can subtract exactly: -1
equations as (
    select
        kpi_id,
        whole_no,
        equation,
        case when sum(sum_x) <> min(whole_x) then {{ prepended(-1, array_of('cell_no', 'cell_no')) }} else {{ array_of('cell_no', 'cell_no') }} end as parts
    from pieces
    group by kpi_id, whole_no, equation
),

of_kpi as (
    select c.*, e.equations
    from (
        select
            kpi_id,
            min(shown_floor) as shown_floor,
            {{ array_of('n', 'cell_no') }} as sizes,
            {{ array_of('is_listed', 'cell_no') }} as listed,
            -- money has no least sum
            case when bool_and(sum_x = floor(sum_x)) then {{ array_of('cast(sum_x as bigint)', 'cell_no') }} else [] end as counts
        from cells
        group by kpi_id
    ) as c
    left join (
        select kpi_id, {{ array_of(prepended('whole_no', 'parts'), 'whole_no, equation') }} as equations
        from equations
        group by kpi_id
    ) as e on c.kpi_id = e.kpi_id
),

-- written out first: the function must not be called once per column below
answered as materialized (
    select kpi_id, {{ hidden_cells('sizes', 'counts', 'listed', 'equations', 'shown_floor') }} as answers
    from of_kpi
),

judged as (
    select kpi_id, {{ unnested('answers', 'is_hidden', 'place') }}
    from answered
)

select c.kpi_id, c.org_unit_id, c.period_kind, c.period_start, c.slice_dimension, c.slice_value
from cells as c
inner join judged as j on c.kpi_id = j.kpi_id and c.cell_no = j.place - 1
where j.is_hidden and c.is_listed
