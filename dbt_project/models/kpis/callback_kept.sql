-- Called back by the moment that was promised: the callbacks among the promises. Grain: one row per callback that fell due.
select
    customer_no,
    sampling_unit,
    is_weak,
    event_day,
    path_day,
    org_unit_id,
    x,
    y
from {{ ref('promise_kept') }}
where item = 'callback'
