-- Every case with its customer, its own unit and the order it is about. Grain: one row per case.
with cases as (
    select *, {{ company_day('opened_at') }} as event_day from {{ ref('stg_cases') }}
),

identified as (
    select
        c.*,
        i.customer_no,
        coalesce(i.is_weak, false) as is_weak,
        {{ referenced_system('c', 'order_source_system') }} as resolved_order_system
    from cases as c
    {{ referenced_system_joins('c', ref('stg_cases'), 'order_id', 'orders') }}
    left join {{ ref('record_customers') }} as i
        on coalesce(c.customer_source_system, c.source_system) = i.source_system
        and c.source_customer_id = i.source_customer_id
)

select
    c.source_system,
    c.case_id,
    c.customer_no,
    {{ sampling_unit('c.customer_no', "'case|' || c.source_system || '|' || c.case_id") }} as sampling_unit,
    c.is_weak,
    c.kind,
    c.category,
    c.issue_id,
    coalesce(c.channel, 'unknown') as channel,
    {{ own_unit() }} as org_unit_id,
    c.resolved_order_system as order_source_system,
    c.order_id,
    c.opened_at,
    c.event_day as opened_day,
    c.first_response_at,
    c.eta_at,
    c.responsibility_accepted,
    c.compensation_amount,
    c.policy_amount,
    c.resolved_at,
    {{ company_day('c.resolved_at') }} as resolved_day,
    c.reopened_at,
    coalesce(c.reopened_at > c.resolved_at, false) as is_open_again,
    coalesce(
        c.follow_up_kind = 'care'
        and c.follow_up_at >= c.resolved_at
        and {{ company_day('c.follow_up_at') }} <= {{ company_day('c.resolved_at') }} + interval 14 day,
        false
    ) as is_followed_up
from identified as c
{{ own_unit_joins('c') }}
