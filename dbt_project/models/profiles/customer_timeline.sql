-- Everything that is known to have happened with a customer, in every channel. Grain: one row per event of a customer.
-- A view: its rows are written once, straight into the published file, newest first. They are put in order by numbers, a
-- quarter cheaper than by the texts behind them.
{{ config(materialized='view') }}
with events as (
    select
        customer_no, ordered_at as occurred_at, channel, 'order' as event_type, source_system, order_id as source_id,
        status as title, cast(net_sales as decimal(18, 4)) as amount, cast(null as decimal(9, 3)) as score, org_unit_id,
        cast(null as varchar) as issue_key, cast(null as varchar) as case_key
    from {{ ref('orders') }}
    union all
    select
        o.customer_no, coalesce(r.completed_at, r.requested_at) as occurred_at, o.channel, 'return' as event_type,
        r.source_system, r.return_id as source_id, r.reason as title,
        cast(r.amount as decimal(18, 4)) as amount, null as score, o.org_unit_id, null as issue_key, null as case_key
    from {{ ref('stg_returns') }} as r
    inner join {{ ref('returns') }} as t on r.source_system = t.source_system and r.return_id = t.return_id
    inner join {{ ref('orders') }} as o on t.order_source_system = o.source_system and t.order_id = o.order_id
    union all
    select
        customer_no, responded_at as occurred_at, channel, 'answer' as event_type, source_system, response_id as source_id,
        question_code as title, null as amount, score, org_unit_id, null as issue_key,
        case_source_system || ':' || case_id as case_key
    from {{ ref('survey_answers') }}
    union all
    select
        customer_no, occurred_at, null as channel, event_type, source_system, event_id as source_id,
        tier_to as title, null as amount, null as score, null as org_unit_id, null as issue_key, null as case_key
    from {{ ref('loyalty_events') }}
    union all
    select
        customer_no, occurred_at, channel, coalesce('case_' || kind, event_type) as event_type, source_system, source_id,
        about as title, null as amount, null as score, org_unit_id, issue_key, case_key
    from {{ ref('issue_events') }}
    union all
    select
        i.customer_no, coalesce(e.exposed_at, e.assigned_at) as occurred_at, a.channel,
        case e.arm when 'holdout' then 'campaign_holdout' else 'campaign' end as event_type, e.source_system,
        e.action_id as source_id, coalesce(a.name_en, a.name_zh) as title, null as amount, null as score,
        a.owner_org_unit_id as org_unit_id, null as issue_key, null as case_key
    from {{ ref('stg_campaign_exposures') }} as e
    inner join {{ ref('record_customers') }} as i
        on e.source_system = i.source_system and e.source_customer_id = i.source_customer_id
    left join {{ ref('stg_business_actions') }} as a on e.action_id = a.action_id
)

select
    cast(n.customer_id as varchar) as customer_id,
    cast(e.occurred_at as timestamp) as occurred_at,
    cast(e.channel as varchar) as channel,
    cast(e.event_type as varchar) as event_type,
    cast(e.source_system as varchar) as source_system,
    cast(e.source_id as varchar) as source_id,
    cast(e.title as varchar) as title,
    cast(e.amount as decimal(18, 4)) as amount,
    cast(e.score as decimal(9, 3)) as score,
    cast(e.org_unit_id as varchar) as org_unit_id,
    cast(e.issue_key as varchar) as issue_key,
    cast(e.case_key as varchar) as case_key
from events as e
inner join {{ ref('customer_numbers') }} as n on e.customer_no = n.customer_no
order by
    n.id_place asc,
    e.occurred_at desc,
    {{ text_number('e.source_system, e.source_id, e.event_type, e.title') }} asc
