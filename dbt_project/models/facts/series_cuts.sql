-- Months in which a declared, lasting change begins, for the unit that owns it and all below. Grain: one row per unit and month.
select distinct
    p.org_unit_id,
    cast(date_trunc('month', {{ company_day('a.starts_at') }}) as date) as month_start
from {{ ref('stg_business_actions') }} as a
cross join {{ ref('unit_root') }} as r
inner join {{ ref('unit_paths') }} as p on coalesce(a.owner_org_unit_id, r.org_unit_id) = p.ancestor_id
where
    a.action_type in ('price_change', 'service_policy', 'programme_rule', 'product_launch')
    and a.starts_at is not null
    and {{ company_day('a.starts_at') }} >= p.day_from
    and {{ company_day('a.starts_at') }} < p.day_to
