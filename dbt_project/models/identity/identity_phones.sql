-- Telephone numbers written in other than the regular ways. Grain: one row per written text and number in it.
with written as (
    select phone as written from {{ ref('stg_customers') }}
    union
    select identifier_value as written from {{ ref('stg_identifiers') }} where identifier_type = 'phone'
    union
    select guest_phone as written from {{ ref('stg_orders') }} where source_customer_id is null
),

irregular as (
    select written from written where written is not null and {{ regular_phone('written') }} is null
),

read as (
    select
        written,
        {{ phone_numbers('written', "(select s.phone_region from " ~ source('config', 'settings') ~ " as s)") }} as phones
    from irregular
),

numbers as (
    select written, {{ unnested('phones', 'phone', 'place') }}
    from read
)

select * from numbers
