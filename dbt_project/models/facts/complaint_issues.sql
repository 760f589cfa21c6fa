-- Complaints as the customer sees them: one trouble, however many tickets. Grain: one row per issue with a complaint,
-- dated by its first complaint case. Without an issue_id, cases of one customer and category at most 7 days apart are
-- one issue, whatever their kind. Whoever complains is the sampling unit; an anonymous complaint is its order's.
with cases as (
    select *, {{ company_day('opened_at') }} as event_day from {{ ref('stg_cases') }}
),

identified as (
    select
        c.*,
        i.customer_key,
        coalesce(i.is_weak, false) as is_weak,
        {{ referenced_system('c', 'order_source_system') }} as resolved_order_system
    from cases as c
    {{ referenced_system_joins('c', 'order_id', 'orders') }}
    left join {{ ref('customer_identities') }} as i
        on coalesce(c.customer_source_system, c.source_system) = i.source_system
        and c.source_customer_id = i.source_customer_id
),

gaps as (
    select
        *,
        case
            when {{ seconds_between('lag(opened_at) over same_trouble', 'opened_at') }} <= 7 * 86400 then 0
            else 1
        end as starts_issue
    from identified
    window same_trouble as (
        partition by customer_key, coalesce(category, ''), issue_id is null
        order by opened_at, source_system, case_id
    )
),

numbered as (
    select
        *,
        sum(starts_issue) over (
            partition by customer_key, coalesce(category, ''), issue_id is null
            order by opened_at, source_system, case_id
        ) as trouble_no
    from gaps
),

issues as (
    select
        *,
        case
            when issue_id is not null then 'issue|' || issue_id
            when customer_key is not null
                then 'trouble|' || customer_key || '|' || coalesce(category, '') || '|' || trouble_no
            else 'case|' || source_system || '|' || case_id
        end as issue_key
    from numbered
),

first_cases as (
    select *, row_number() over (partition by issue_key order by opened_at, source_system, case_id) as place
    from issues
    where kind = 'complaint'
),

units as (
    select c.*, {{ own_unit() }} as case_unit_id
    from first_cases as c
    {{ own_unit_joins('c') }}
    where c.place = 1
),

selling_units as (
    select org_unit_id from {{ ref('org_units') }} where function in ('STO', 'ECM', 'SAL')
)

select
    c.issue_key,
    coalesce(c.customer_key, o.sampling_unit, 'case|' || c.source_system || '|' || c.case_id) as sampling_unit,
    case when c.customer_key is not null then c.is_weak else coalesce(o.is_weak, false) end as is_weak,
    c.event_day as opened_day,
    coalesce(o.org_unit_id, s.org_unit_id, r.org_unit_id) as org_unit_id
from units as c
cross join {{ ref('unit_root') }} as r
left join {{ ref('orders') }} as o on c.resolved_order_system = o.source_system and c.order_id = o.order_id
left join selling_units as s on c.case_unit_id = s.org_unit_id
