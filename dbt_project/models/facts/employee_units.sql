-- Where each employee belonged. Grain: one row per employee and interval of days; intervals do not overlap.
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
        least(day_to, coalesce(lead(day_from) over (partition by employee_id order by day_from), day_to)) as day_to
    from versions
)

select employee_id, org_unit_id, day_from, day_to from cut where day_from < day_to
