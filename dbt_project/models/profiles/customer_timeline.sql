-- Everything that happened with a customer, in every channel. Grain: one row per event of a customer; what became of a
-- case are events of their own.
-- A view: its rows are written once, straight into the published file, newest first. They are put in order by numbers, a
-- quarter cheaper than by the texts behind them.
{{ config(materialized='view') }}
with events as (
    select
        customer_no, ordered_at as occurred_at, 'order' as event_type, source_system, order_id as source_id,
        {{- event_details({'channel': 'channel', 'title': 'status', 'amount': 'net_sales', 'org_unit_id': 'org_unit_id'}) }}
    from {{ ref('orders') }}
    union all
    select
        o.customer_no, coalesce(r.completed_at, r.requested_at) as occurred_at, 'return' as event_type, r.source_system,
        r.return_id as source_id,
        {{- event_details({
            'channel': 'o.channel', 'title': 'r.reason', 'amount': 'r.amount', 'org_unit_id': 'o.org_unit_id',
            'outcome': "case when r.completed_at is null then 'requested' else 'completed' end",
        }) }}
    from {{ ref('stg_returns') }} as r
    inner join {{ ref('returns') }} as t on r.source_system = t.source_system and r.return_id = t.return_id
    inner join {{ ref('orders') }} as o on t.order_source_system = o.source_system and t.order_id = o.order_id
    union all
    select
        a.customer_no, a.responded_at as occurred_at, 'answer' as event_type, a.source_system, a.response_id as source_id,
        {{- event_details({
            'channel': 'a.channel', 'title': 'a.question_code', 'score': 'a.score', 'comment': 'c.comment',
            'org_unit_id': 'a.org_unit_id', 'case_key': "a.case_source_system || ':' || a.case_id",
        }) }}
    from {{ ref('survey_answers') }} as a
    left join (
        select source_system, response_id, question_code, comment
        from {{ ref('stg_survey_responses') }}
        where comment is not null
    ) as c
        on a.source_system = c.source_system and a.response_id = c.response_id and a.question_code = c.question_code
    union all
    -- words without a score enter no KPI, but are what somebody said
    select
        i.customer_no, r.responded_at as occurred_at, 'answer' as event_type, r.source_system, r.response_id as source_id,
        {{- event_details({
            'channel': 'r.channel', 'title': 'r.question_code', 'comment': 'r.comment', 'org_unit_id': 'r.org_unit_id',
        }) }}
    from {{ ref('stg_survey_responses') }} as r
    inner join {{ ref('record_customers') }} as i
        on coalesce(r.customer_source_system, r.source_system) = i.source_system
        and r.source_customer_id = i.source_customer_id
    anti join {{ ref('survey_answers') }} as a
        on r.source_system = a.source_system and r.response_id = a.response_id and r.question_code = a.question_code
    where r.score is null and r.comment is not null
    union all
    select
        e.customer_no, e.occurred_at, e.event_type, e.source_system, e.event_id as source_id,
        {{- event_details({'title': 'e.tier_to', 'points': 'e.points'}) }}
    from {{ ref('loyalty_events') }} as e
    union all
    select
        customer_no, occurred_at, coalesce('case_' || kind, event_type) as event_type, source_system, source_id,
        {{- event_details({
            'channel': 'channel', 'title': 'about', 'outcome': 'outcome', 'org_unit_id': 'org_unit_id',
            'issue_key': 'issue_key', 'case_key': 'case_key',
        }) }}
    from {{ ref('issue_events') }}
    {%- for event, moment in {
        'case_answered': 'first_response_at', 'case_resolved': 'resolved_at', 'case_reopened': 'reopened_at',
        'case_followed_up': 'follow_up_at',
    }.items() %}
    union all
    select
        e.customer_no, c.{{ moment }} as occurred_at, '{{ event }}' as event_type, e.source_system, e.source_id,
        {{- event_details({
            'channel': 'e.channel', 'title': 'e.about', 'org_unit_id': 'e.org_unit_id', 'issue_key': 'e.issue_key',
            'case_key': 'e.case_key',
        }) }}
    from {{ ref('issue_events') }} as e
    inner join {{ ref('cases') }} as c on e.source_system = c.source_system and e.source_id = c.case_id
    where e.event_type = 'case' and c.{{ moment }} is not null
    {%- endfor %}
    union all
    select
        i.customer_no, coalesce(e.exposed_at, e.assigned_at) as occurred_at,
        case e.arm when 'holdout' then 'campaign_holdout' else 'campaign' end as event_type, e.source_system,
        e.action_id as source_id,
        {{- event_details({
            'channel': 'a.channel', 'title': 'coalesce(a.name_en, a.name_zh)', 'org_unit_id': 'a.owner_org_unit_id',
        }) }}
    from {{ ref('stg_campaign_exposures') }} as e
    inner join {{ ref('record_customers') }} as i
        on e.source_system = i.source_system and e.source_customer_id = i.source_customer_id
    left join {{ ref('stg_business_actions') }} as a on e.action_id = a.action_id
)

select
    cast(n.customer_id as varchar) as customer_id,
    cast(e.occurred_at as timestamp) as occurred_at,
    cast({{ company_time('e.occurred_at') }} as timestamp) as occurred_local,
    cast(e.channel as varchar) as channel,
    cast(e.event_type as varchar) as event_type,
    cast(e.source_system as varchar) as source_system,
    cast(e.source_id as varchar) as source_id,
    cast(e.title as varchar) as title,
    cast(q.text_en as varchar) as question_en,
    cast(q.text_zh as varchar) as question_zh,
    cast(e.comment as varchar) as comment,
    cast(e.outcome as varchar) as outcome,
    cast(e.amount as decimal(18, 4)) as amount,
    cast(e.points as decimal(18, 4)) as points,
    cast(e.score as decimal(9, 3)) as score,
    cast(e.org_unit_id as varchar) as org_unit_id,
    cast(e.issue_key as varchar) as issue_key,
    cast(e.case_key as varchar) as case_key
from events as e
inner join {{ ref('customer_numbers') }} as n on e.customer_no = n.customer_no
left join {{ ref('stg_survey_questions') }} as q on e.event_type = 'answer' and e.title = q.question_code
order by
    n.id_place asc,
    e.occurred_at desc,
    {{ text_number('e.source_system, e.source_id, e.event_type, e.title') }} asc
