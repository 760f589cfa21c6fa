-- Whose numbers a unit is scored by. Grain: one row per period and unit.
-- Some functions answer for their own subtree, some for the company, sales for its subtree if it sells anything. A unit's
-- function is that of the period's last day, or of today while the period lasts.
with selling_days as (
    select distinct org_unit_id, order_day from {{ ref('orders') }} where is_counting
),

sellers as (
    select distinct p.period_kind, p.period_start, u.ancestor_id as org_unit_id
    from selling_days as o
    inner join {{ ref('periods') }} as p on o.order_day >= p.period_start and o.order_day < p.period_end
    inner join {{ ref('unit_paths') }} as u
        on o.org_unit_id = u.org_unit_id and o.order_day >= u.day_from and o.order_day < u.day_to
),

dated as (
    select p.*, least(cast(p.period_end - interval 1 day as date), {{ company_day('clock.as_of') }}) as last_day
    from {{ ref('periods') }} as p
    cross join {{ source('config', 'settings') }} as clock
)

select
    p.period_kind,
    p.period_start,
    u.org_unit_id,
    case
        when f.scope = 'company' then r.org_unit_id
        when f.scope = 'own_subtree_if_it_sells' and s.org_unit_id is null then r.org_unit_id
        else u.org_unit_id
    end as measured_org_unit_id
from dated as p
cross join {{ ref('org_units') }} as u
cross join {{ ref('unit_root') }} as r
left join {{ ref('unit_versions') }} as v
    on u.org_unit_id = v.org_unit_id and p.last_day >= v.day_from and p.last_day < v.day_to
left join {{ source('config', 'function_scopes') }} as f on v.function = f.function
left join sellers as s
    on p.period_kind = s.period_kind and p.period_start = s.period_start and u.org_unit_id = s.org_unit_id
