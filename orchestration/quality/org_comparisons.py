"""Fewer sampling units can't be in a part than in the whole: org units against what is above them, months against quarters.

The tree in force on an event's day decides whose number it is, so a unit is only compared with a parent it had
throughout everything that can enter the cell: the period and, for KPIs that look back, the days they look back.
A unit that moved in between is compared with the company alone. Trees deeper than the paths that models follow
(20 steps) are compared with the company alone, too.
"""

CHILD_ABOVE_PARENT = """
    with root as (
        select min(org_unit_id) as root_id from main.org_units where parent_org_unit_id is null
    ),

    spans as (
        select distinct
            v.period_kind,
            v.period_start,
            k.kpi_id,
            v.period_start - to_days(cast(k.matures_after_days as integer)) as span_from,
            case v.period_kind
                when 'month' then v.period_start + interval 1 month
                when 'quarter' then v.period_start + interval 3 months
                else v.period_start + interval 1 year
            end as span_to
        from main.kpi_values as v
        inner join main.kpis as k on v.kpi_id = k.kpi_id
    ),

    versions as (
        select
            org_unit_id,
            parent_org_unit_id,
            valid_from,
            valid_to,
            -- total order: org_unit_id and valid_from are the key
            lag(valid_from) over of_the_unit is null as is_first,
            -- total order: likewise
            lead(valid_from) over of_the_unit as replaced_on
        from main.stg_org_units
        window of_the_unit as (partition by org_unit_id order by valid_from)
    ),

    known as (
        select distinct org_unit_id from versions
    ),

    parents as (
        select
            v.org_unit_id,
            s.kpi_id,
            s.period_kind,
            s.period_start,
            case
                when min(p.org_unit_id) is null or min(p.org_unit_id) = v.org_unit_id then min(r.root_id)
                else min(p.org_unit_id)
            end as parent_id
        from versions as v
        inner join spans as s
            on (v.is_first or v.valid_from < s.span_to)
            and (v.replaced_on is null or v.replaced_on > s.span_from or v.valid_to is null or v.valid_to > s.span_from)
        left join known as p on v.parent_org_unit_id = p.org_unit_id
        cross join root as r
        where (select max(depth) from main.org_units) <= 20
        group by v.org_unit_id, s.kpi_id, s.period_kind, s.period_start
        having count(distinct coalesce(v.parent_org_unit_id, '')) = 1
    ),

    compared as (
        select org_unit_id, kpi_id, period_kind, period_start, parent_id from parents
        union
        select c.org_unit_id, c.kpi_id, c.period_kind, c.period_start, r.root_id as parent_id
        from main.kpi_values as c
        cross join root as r
    )

    select
        v.kpi_id as item,
        'child_above_parent' as measure,
        {place} as place,
        'n ' || v.n || ', but ' || c.parent_id || ' above it has ' || coalesce(cast(w.n as varchar), 'no cell') as figure
    from main.kpi_values as v
    inner join compared as c
        on v.org_unit_id = c.org_unit_id
        and v.kpi_id = c.kpi_id
        and v.period_kind = c.period_kind
        and v.period_start = c.period_start
    left join main.kpi_values as w
        on c.parent_id = w.org_unit_id
        and v.kpi_id = w.kpi_id
        and v.period_kind = w.period_kind
        and v.period_start = w.period_start
        and w.slice_dimension = 'all'
    where
        v.slice_dimension = 'all'
        and v.org_unit_id <> c.parent_id
        and v.n is not null
        and (w.kpi_id is null or v.n > w.n)
"""

# State KPIs (as_of) aren't here: a quarter's number is its last month's, and smaller than its first month's may be right.
PART_ABOVE_WHOLE = """
    select
        v.kpi_id as item,
        'part_above_whole' as measure,
        {place} as place,
        'n ' || v.n || ', but its ' || kinds.whole || ' has ' || coalesce(cast(w.n as varchar), 'no cell') as figure
    from main.kpi_values as v
    inner join main.kpis as k on v.kpi_id = k.kpi_id and k.adds in ('flow', 'latest', 'once')
    inner join (values ('month', 'quarter'), ('quarter', 'year')) as kinds (part, whole)
        on v.period_kind = kinds.part
    left join main.kpi_values as w
        on kinds.whole = w.period_kind
        and date_trunc(kinds.whole, v.period_start) = w.period_start
        and v.kpi_id = w.kpi_id
        and v.org_unit_id = w.org_unit_id
        and v.slice_dimension = w.slice_dimension
        and v.slice_value = w.slice_value
    where v.slice_dimension = 'all' and v.n is not null and (w.kpi_id is null or v.n > w.n)
"""
