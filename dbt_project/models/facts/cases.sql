-- Every case with its customer, its own unit and the order it is about. Grain: one row per case.
-- What is dated after the run's moment has not happened: many systems write 9999-12-31 for what is still open.
with cases as (
    select
        c.*,
        {{ company_day('c.opened_at') }} as event_day
        {%- for name, moment in {
            'answered_at': 'first_response_at', 'solved_at': 'resolved_at', 'opened_again_at': 'reopened_at',
            'followed_up_at': 'follow_up_at',
        }.items() %},
        case when c.{{ moment }} <= clock.as_of then c.{{ moment }} end as {{ name }}
        {%- endfor %}
    from {{ ref('stg_cases') }} as c
    cross join {{ source('config', 'settings') }} as clock
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
    c.answered_at as first_response_at,
    c.eta_at,
    c.responsibility_accepted,
    c.compensation_amount,
    c.policy_amount,
    c.solved_at as resolved_at,
    {{ company_day('c.solved_at') }} as resolved_day,
    c.opened_again_at as reopened_at,
    coalesce(c.opened_again_at > c.solved_at, false) as is_open_again,
    c.followed_up_at as follow_up_at,
    coalesce(
        c.follow_up_kind = 'care'
        and c.followed_up_at >= c.solved_at
        and {{ company_day('c.followed_up_at') }} <= {{ company_day('c.solved_at') }} + interval 14 day,
        false
    ) as is_followed_up
from identified as c
{{ own_unit_joins('c') }}
