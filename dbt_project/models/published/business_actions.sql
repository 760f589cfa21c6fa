-- What the company did that could have moved a number. Grain: one row per action.
select
    action_id, action_type, name_en, name_zh, channel, region, segment, starts_at, ends_at, cost_amount,
    owner_org_unit_id
from {{ ref('stg_business_actions') }}
