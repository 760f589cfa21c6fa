-- Every order with its customer, responsible unit, net sales and whether it counts. Grain: one row per order.
-- An order counts when it is completed and not returned in full; an open or cancelled one never does.
with orders as (
    select *, {{ company_day('ordered_at') }} as event_day from {{ ref('stg_orders') }}
),

rates as (
    select
        upper(currency) as currency,
        rate,
        valid_from,
        -- of one day's rates in two spellings (usd, USD) the last holds, and only one
        lead(valid_from, 1, date '9999-12-31') over (
            partition by upper(currency)
            order by valid_from, currency
        ) as valid_to
    from {{ ref('stg_exchange_rates') }}
),

refunds as (
    select order_source_system, order_id, sum(amount) as amount
    from {{ ref('returns') }}
    where completed_at is not null
    group by order_source_system, order_id
),

identified as (
    select
        o.*,
        -- only orders carry a currency, so what was returned is in the company's
        cast(
            round(cast(o.net_amount as decimal(19, 4)) * coalesce(x.rate, 1), 4) - coalesce(r.amount, 0) as decimal(18, 4)
        ) as net_sales,
        o.campaign_id is not null
        or o.coupon_code is not null
        or (s.discount_is_promotion and coalesce(o.discount_amount, 0) > 0) as is_promoted,
        coalesce(o.customer_source_system, o.source_system) as record_source_system,
        coalesce(o.source_customer_id, g.source_customer_id) as record_id
    from orders as o
    cross join {{ source('config', 'settings') }} as s
    left join rates as x
        on upper(o.currency) = x.currency
        and x.currency <> upper(s.currency)
        and o.event_day >= x.valid_from
        and o.event_day < x.valid_to
    left join refunds as r on o.source_system = r.order_source_system and o.order_id = r.order_id
    left join {{ ref('identity_guests') }} as g on o.source_system = g.source_system and o.order_id = g.order_id
)

select
    o.source_system,
    o.order_id,
    i.customer_no,
    {{ sampling_unit('i.customer_no', "'order|' || o.source_system || '|' || o.order_id") }} as sampling_unit,
    coalesce(i.is_weak, false) as is_weak,
    coalesce(i.is_recognised, false) as is_recognised,
    o.ordered_at,
    o.promised_at,
    o.fulfilled_at,
    o.updated_at,
    o.event_day as order_day,
    {{ own_unit() }} as org_unit_id,
    coalesce(o.channel, 'unknown') as channel,
    o.net_sales,
    -- what is returned takes its part of the cost with it; null where the cost is unknown
    cast(round(o.net_sales * (1 - o.cost_amount / nullif(o.net_amount, 0)), 4) as decimal(18, 4)) as margin,
    o.is_promoted,
    coalesce(o.status, 'completed') as status,
    coalesce(o.status, 'completed') = 'completed' and o.net_sales > 0 as is_counting
from identified as o
left join {{ ref('record_customers') }} as i
    on o.record_source_system = i.source_system and o.record_id = i.source_customer_id
{{ own_unit_joins('o') }}
