-- The five steps of a complaint handled well. Grain: one row per complaint and step, dated 14 days after it was closed, or
-- 44 after it was opened if nobody closed it.
with complaints as (
    select
        c.*,
        coalesce(r.is_in_time, false) as is_answered_in_time,
        cast(coalesce(c.resolved_day, c.opened_day + interval 30 day) as date) as closed_day
    from {{ ref('cases') }} as c
    left join {{ ref('case_responses') }} as r
        on c.source_system = r.source_system and c.case_id = r.case_id and r.promise = 'response'
    where c.kind = 'complaint'
)
{% for step, is_done in {
    'response': 'is_answered_in_time',
    'eta': 'eta_at is not null',
    'responsibility': 'responsibility_accepted',
    'compensation': 'coalesce(compensation_amount, 0) >= coalesce(policy_amount, 0)',
    'follow_up': 'is_followed_up',
}.items() %}
select
    customer_no,
    sampling_unit,
    is_weak,
    cast(closed_day + interval 14 day as date) as event_day,
    closed_day as path_day,
    org_unit_id,
    '{{ step }}' as item,
    1 as x,
    case when {{ is_done }} then 1 else 0 end as y
from complaints
where {{ is_over('closed_day + interval 14 day') }}
{{- '\nunion all' if not loop.last }}
{%- endfor %}
