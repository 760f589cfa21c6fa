-- Returns with the order they belong to. Grain: one row per return.
select
    r.source_system,
    r.return_id,
    {{ referenced_system('r', 'order_source_system') }} as order_source_system,
    r.order_id,
    r.requested_at,
    r.completed_at,
    r.promised_days,
    r.amount
from {{ ref('stg_returns') }} as r
{{ referenced_system_joins('r', ref('stg_returns'), 'order_id', 'orders') }}
