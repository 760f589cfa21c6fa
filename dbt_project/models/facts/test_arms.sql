-- Who was in which arm of a campaign's hold-out or of a pilot. Grain: one row per action or pilot and customer; a customer
-- who was in both arms, by one record or several, is in neither: `both`.
with assigned as (
    select 'action' as test_kind, action_id as test_id, source_system, source_customer_id, arm
    from {{ ref('stg_campaign_exposures') }}
    union all
    select 'pilot' as test_kind, pilot_id as test_id, source_system, source_customer_id, arm
    from {{ ref('stg_pilot_assignments') }}
)

select
    a.test_kind,
    a.test_id,
    i.customer_no,
    case when min(a.arm) = max(a.arm) then min(a.arm) else 'both' end as arm
from assigned as a
inner join {{ ref('record_customers') }} as i
    on a.source_system = i.source_system and a.source_customer_id = i.source_customer_id
-- who was put into no arm that anybody named is in none, and not in both
where a.arm is not null
group by a.test_kind, a.test_id, i.customer_no
