-- Guest orders whose contact data can identify somebody. Grain: one row per order without a customer reference.
-- A guest's record is named by its contact data, so that ten orders of one guest are one record,
-- and by the period where they were handed on: a recycled telephone's guests are two.
with orders as (
    select * from {{ ref('stg_orders') }} where source_customer_id is null
),

written as (
    select
        o.source_system,
        o.order_id,
        {{ company_day('o.ordered_at') }} as ordered_on,
        coalesce({{ regular_phone('o.guest_phone') }}, p.phone) as phone,
        {{ written_email('o.guest_email') }} as email
    from orders as o
    left join {{ ref('identity_phones') }} as p on o.guest_phone = p.written and p.place = 1
    where o.guest_phone is not null or o.guest_email is not null
),

normalised as (
    select w.source_system, w.order_id, w.ordered_on, w.phone, {{ delivered_email('w.email', 'm') }} as email
    from written as w
    left join {{ ref('mail_providers') }} as m on split_part(w.email, '@', 2) = m.domain
),

usable as (
    select
        source_system,
        order_id,
        ordered_on,
        case when not {{ is_junk_text('phone', 'phone') }} then phone end as phone,
        case when not {{ is_junk_text('email', 'email') }} then email end as email
    from normalised
),

dated as (
    select
        'phone' as kind,
        coalesce({{ regular_phone('i.identifier_value') }}, p.phone) as contact,
        i.valid_from,
        i.valid_to
    from {{ ref('stg_identifiers') }} as i
    left join {{ ref('identity_phones') }} as p on i.identifier_value = p.written
    where i.identifier_type = 'phone'
    union all
    select 'email' as kind, {{ delivered_email('e.email', 'm') }} as contact, e.valid_from, e.valid_to
    from (
        select *, {{ written_email('identifier_value') }} as email
        from {{ ref('stg_identifiers') }}
        where identifier_type = 'email'
    ) as e
    left join {{ ref('mail_providers') }} as m on split_part(e.email, '@', 2) = m.domain
),

handed_on as (
    select kind, contact
    from dated
    group by kind, contact
    having max(valid_from) >= min(valid_to)
),

changes as (
    select d.kind, d.contact, d.valid_from as changed_on
    from dated as d
    inner join handed_on as h on d.kind = h.kind and d.contact = h.contact
    union
    select d.kind, d.contact, d.valid_to as changed_on
    from dated as d
    inner join handed_on as h on d.kind = h.kind and d.contact = h.contact
),

given as (
    select source_system, order_id, ordered_on, 'phone' as kind, phone as contact from usable
    union all
    select source_system, order_id, ordered_on, 'email' as kind, email as contact from usable
),

-- the days around the order between which the contact data stayed with one customer
periods as (
    select
        g.source_system,
        g.order_id,
        max(case when c.changed_on <= g.ordered_on then c.changed_on end) as valid_from,
        min(case when c.changed_on > g.ordered_on then c.changed_on end) as valid_to
    from given as g
    inner join changes as c on g.kind = c.kind and g.contact = c.contact
    group by g.source_system, g.order_id
),

guests as (
    select
        u.source_system,
        u.order_id,
        'guest-' || md5(
            coalesce(u.phone, '') || '|' || coalesce(u.email, '') || coalesce('|' || cast(p.valid_from as varchar), '')
        ) as source_customer_id,
        u.phone,
        u.email,
        p.valid_from,
        p.valid_to
    from usable as u
    left join periods as p on u.source_system = p.source_system and u.order_id = p.order_id
    where u.phone is not null or u.email is not null
)

select * from guests
