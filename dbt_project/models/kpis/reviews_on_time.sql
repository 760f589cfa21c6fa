-- Loyalty reviews held when they were due. Grain: one row per review that was due; one not held yet is late.
with reviews as (
    select
        v.*,
        {{ company_day('v.due_at') }} as event_day,
        cast(null as varchar) as employee_id,
        cast(null as varchar) as channel
    from {{ ref('stg_reviews') }} as v
    cross join {{ source('config', 'settings') }} as clock
    where v.due_at <= clock.as_of
)

select
    cast(null as integer) as customer_no,
    {{ sampling_unit('null', "'review|' || v.review_id") }} as sampling_unit,
    false as is_weak,
    v.event_day,
    v.event_day as path_day,
    {{ own_unit() }} as org_unit_id,
    1 as x,
    case when v.held_at <= v.due_at then 1 else 0 end as y
from reviews as v
{{ own_unit_joins('v') }}
