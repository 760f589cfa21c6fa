-- Months in which a declared, lasting change begins, for the unit that owns it and all below. Grain: one row per unit and month.
select distinct
    p.org_unit_id,
    cast(date_trunc('month', a.starts_on) as date) as month_start
from {{ ref('action_spans') }} as a
inner join {{ ref('unit_paths') }} as p
    on a.org_unit_id = p.ancestor_id and a.starts_on >= p.day_from and a.starts_on < p.day_to
where a.action_type in ('price_change', 'service_policy', 'programme_rule', 'product_launch')
