-- The company itself. Grain: one row.
-- Without org_units, or without a company at their top, there is one root called `company`.
select coalesce(min(org_unit_id), 'company') as org_unit_id
from {{ ref('stg_org_units') }}
where kind = 'company' and parent_org_unit_id is null
