-- Where each employee belonged. Grain: one row per employee and interval of days; intervals do not overlap.
-- A unit that org_units does not know is the company's.
with versions as (
    select
        employee_id,
        org_unit_id,
        coalesce(cast(valid_from as date), date '0001-01-01') as day_from,
        coalesce(cast(valid_to as date), date '9999-12-31') as day_to
    from {{ ref('stg_employees') }}
    where org_unit_id is not null
),

cut as (
    select
        employee_id,
        org_unit_id,
        day_from,
        -- total order: an employee has one version per valid_from, which is required
        least(day_to, coalesce(lead(day_from) over (partition by employee_id order by day_from), day_to)) as day_to
    from versions
)

select c.employee_id, coalesce(u.org_unit_id, r.org_unit_id) as org_unit_id, c.day_from, c.day_to
from cut as c
cross join {{ ref('unit_root') }} as r
left join (select distinct org_unit_id from {{ ref('stg_org_units') }}) as u on c.org_unit_id = u.org_unit_id
where c.day_from < c.day_to
