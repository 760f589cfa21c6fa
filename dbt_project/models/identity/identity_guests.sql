-- Guest orders whose contact data can identify somebody. Grain: one row per order without a customer reference.
-- A guest's record is named by its contact data, so that ten orders of one guest are one record.
with orders as (
    select * from {{ ref('stg_orders') }} where source_customer_id is null
),

normalised as (
    select
        source_system,
        order_id,
        {{ normalised_phone('guest_phone') }} as phone,
        {{ normalised_email('guest_email') }} as email
    from orders
    where guest_phone is not null or guest_email is not null
),

usable as (
    select
        source_system,
        order_id,
        case when not {{ is_junk("'phone'", 'phone') }} then phone end as phone,
        case when not {{ is_junk("'email'", 'email') }} then email end as email
    from normalised
),

guests as (
    select
        source_system,
        order_id,
        'guest-' || md5(coalesce(phone, '') || '|' || coalesce(email, '')) as source_customer_id,
        phone,
        email
    from usable
    where phone is not null or email is not null
)

select * from guests
