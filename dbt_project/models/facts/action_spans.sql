-- When and where each business action ran, in company days [starts_on, ends_on). Grain: one row per action that has a
-- beginning and does not end before it; ends_on is null while nobody has said when it ends.
select
    a.action_id,
    a.action_type,
    a.channel,
    a.region,
    coalesce(a.cost_amount, 0) as cost_amount,
    coalesce(u.org_unit_id, company.org_unit_id) as org_unit_id,
    {{ company_day('a.starts_at') }} as starts_on,
    case
        when a.ends_at is not null
            then cast({{ company_day('(a.ends_at - interval 1 microsecond)') }} + interval 1 day as date)
    end as ends_on
from {{ ref('stg_business_actions') }} as a
cross join {{ ref('unit_root') }} as company
left join (select distinct org_unit_id from {{ ref('stg_org_units') }}) as u on a.owner_org_unit_id = u.org_unit_id
where a.starts_at is not null and (a.ends_at is null or a.ends_at > a.starts_at)
