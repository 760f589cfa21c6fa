-- Complaints as issues, however many cases they took. Grain: one row per issue with a complaint among its cases,
-- dated and placed by the first complaint case. Without an issue_id, cases of one customer and category at most 7 days apart are
-- one issue, whatever their kind. Whoever complains is the sampling unit; an anonymous complaint is its order's.
with gaps as (
    select
        *,
        case
            when {{ seconds_between('lag(opened_at) over same_trouble', 'opened_at') }} <= 7 * 86400 then 0
            else 1
        end as starts_issue
    from {{ ref('cases') }}
    window same_trouble as (
        partition by customer_no, coalesce(category, ''), issue_id is null
        order by opened_at, source_system, case_id
    )
),

numbered as (
    select
        *,
        sum(starts_issue) over (
            partition by customer_no, coalesce(category, ''), issue_id is null
            order by opened_at, source_system, case_id
        ) as trouble_no
    from gaps
),

issues as (
    select
        *,
        case
            when issue_id is not null then 'issue|' || issue_id
            when customer_no is not null
                then 'trouble|' || customer_no || '|' || coalesce(category, '') || '|' || trouble_no
            else 'case|' || source_system || '|' || case_id
        end as issue_key
    from numbered
),

first_cases as (
    select *, row_number() over (partition by issue_key order by opened_at, source_system, case_id) as place
    from issues
    where kind = 'complaint'
),

selling_units as (
    select org_unit_id from {{ ref('org_units') }} where function in ('STO', 'ECM', 'SAL')
)

select
    c.issue_key,
    coalesce(c.customer_no, o.customer_no) as customer_no,
    coalesce(cast(c.customer_no as bigint), o.sampling_unit, c.sampling_unit) as sampling_unit,
    case when c.customer_no is not null then c.is_weak else coalesce(o.is_weak, false) end as is_weak,
    c.opened_day,
    coalesce(o.channel, c.channel) as channel,
    coalesce(o.org_unit_id, s.org_unit_id, r.org_unit_id) as org_unit_id
from first_cases as c
cross join {{ ref('unit_root') }} as r
left join {{ ref('orders') }} as o on c.order_source_system = o.source_system and c.order_id = o.order_id
left join selling_units as s on c.org_unit_id = s.org_unit_id
where c.place = 1
