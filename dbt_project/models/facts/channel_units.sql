-- Which unit answers for a channel, from company.yml. Grain: one row per channel.
-- A unit that org_units does not know is the company's.
select c.channel, coalesce(u.org_unit_id, r.org_unit_id) as org_unit_id
from {{ source('config', 'channel_units') }} as c
cross join {{ ref('unit_root') }} as r
left join (select distinct org_unit_id from {{ ref('stg_org_units') }}) as u on c.org_unit_id = u.org_unit_id
