-- Done by the moment that was promised. Grain: one row per promise that fell due, dated by the due moment. What is open and
-- overdue is broken; an order that was cancelled before it was due promises nothing any more.
with promises as (
    select
        'delivery' as item, customer_no, sampling_unit, is_weak, org_unit_id, channel,
        promised_at as due_at, fulfilled_at as done_at
    from {{ ref('orders') }}
    where promised_at is not null and (status <> 'cancelled' or coalesce(updated_at > promised_at, false))
    union all
    select
        'return' as item, o.customer_no,
        coalesce(o.sampling_unit, {{ sampling_unit('null', "'return|' || r.source_system || '|' || r.return_id") }})
            as sampling_unit,
        coalesce(o.is_weak, false) as is_weak, coalesce(o.org_unit_id, c.org_unit_id) as org_unit_id,
        coalesce(o.channel, 'unknown') as channel,
        r.requested_at + r.promised_days * interval 24 hour as due_at, r.completed_at as done_at
    from {{ ref('returns') }} as r
    cross join {{ ref('unit_root') }} as c
    left join {{ ref('orders') }} as o on r.order_source_system = o.source_system and r.order_id = o.order_id
    union all
    select
        'case' as item, customer_no, sampling_unit, is_weak, org_unit_id, channel,
        eta_at as due_at, resolved_at as done_at
    from {{ ref('cases') }}
    union all
    select
        'callback' as item, customer_no,
        {{ sampling_unit('customer_no', "'contact|' || source_system || '|' || contact_id") }} as sampling_unit,
        is_weak, org_unit_id, channel, callback_promised_at as due_at, callback_at as done_at
    from {{ ref('contacts') }}
),

due as (
    select p.*, {{ company_day('p.due_at') }} as due_day
    from promises as p
    cross join {{ source('config', 'settings') }} as clock
    where p.due_at <= clock.as_of
)

select
    customer_no,
    sampling_unit,
    is_weak,
    due_day as event_day,
    due_day as path_day,
    org_unit_id,
    channel,
    item,
    1 as x,
    case when done_at <= due_at then 1 else 0 end as y
from due
