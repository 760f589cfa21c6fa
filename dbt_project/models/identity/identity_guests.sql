-- Guest orders whose contact data can identify somebody. Grain: one row per order without a customer reference.
-- A guest's record is named by its contact data, so that ten orders of one guest are one record.
with orders as (
    select * from {{ ref('stg_orders') }} where source_customer_id is null
),

written as (
    select
        o.source_system,
        o.order_id,
        coalesce({{ regular_phone('o.guest_phone') }}, p.phone) as phone,
        {{ written_email('o.guest_email') }} as email
    from orders as o
    left join {{ ref('identity_phones') }} as p on o.guest_phone = p.written and p.place = 1
    where o.guest_phone is not null or o.guest_email is not null
),

normalised as (
    select w.source_system, w.order_id, w.phone, {{ delivered_email('w.email', 'm') }} as email
    from written as w
    left join {{ ref('mail_providers') }} as m on split_part(w.email, '@', 2) = m.domain
),

usable as (
    select
        source_system,
        order_id,
        case when not {{ is_junk_text('phone', 'phone') }} then phone end as phone,
        case when not {{ is_junk_text('email', 'email') }} then email end as email
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
