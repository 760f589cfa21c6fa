-- The profile that a person in customer care opens. Grain: one row per customer, as of the run.
{%- set fields = ['full_name', 'given_name', 'family_name', 'phone', 'email', 'birth_date', 'gender', 'address', 'city',
    'region', 'postcode', 'country', 'loyalty_card_no', 'acquisition_source', 'marketing_consent'] %}
with clock as (
    select as_of, {{ company_day('as_of') }} as today from {{ source('config', 'settings') }}
),

-- slices are those of the last day of the newest period that has begun
today as (
    select n.customer_no, least(c.today, cast(p.last_day as date)) as path_day
    from {{ ref('customer_numbers') }} as n
    cross join clock as c
    cross join (select max(period_end) - interval 1 day as last_day from {{ ref('periods') }} where period_kind = 'month') as p
),

sliced as (
    {{ sliced_rows('today', ['tenure', 'value_tier', 'loyalty_tier']) }}
),

golden as (
    select
        customer_id,
        {%- for field in fields %}
        max(case when field = '{{ field }}' then value end) as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('customer_fields') }}
    group by customer_id
),

nps_answers as (
    select
        a.customer_no,
        max({
            'at': a.responded_at, 'source_system': a.source_system, 'response_id': a.response_id, 'score': a.score
        }).score as nps_score
    from {{ ref('survey_answers') }} as a
    cross join clock as c
    where a.measures = 'nps' and a.scale_max = 10 and a.responded_day > c.today - interval 365 day
    group by a.customer_no
),

open_cases as (
    select
        c.customer_no,
        count(*) as open_cases,
        count(*) filter (where c.kind = 'complaint') as open_complaints
    from {{ ref('cases') }} as c
    where c.resolved_at is null or c.is_open_again
    group by c.customer_no
),

last_contacts as (
    select
        customer_no,
        max(occurred_at) as last_contact_at,
        max({
            'at': occurred_at, 'source_system': source_system, 'source_id': source_id, 'channel': channel
        }).channel as last_contact_channel
    from {{ ref('issue_events') }}
    where event_type = 'contact'
    group by customer_no
),

seen as (
    select customer_no, min(first_at) as first_seen_at, max(last_at) as last_seen_at
    from (
        select i.customer_no, min(c.registered_at) as first_at, cast(null as timestamp) as last_at
        from {{ ref('stg_customers') }} as c
        inner join {{ ref('record_customers') }} as i
            on c.source_system = i.source_system and c.source_customer_id = i.source_customer_id
        group by i.customer_no
        union all
        {%- for fact, moment in [('orders', 'ordered_at'), ('survey_answers', 'responded_at'),
            ('issue_events', 'occurred_at')] %}
        select customer_no, min({{ moment }}) as first_at, max({{ moment }}) as last_at
        from {{ ref(fact) }}
        group by customer_no
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as every_fact
    group by customer_no
)

select
    cast(n.customer_id as varchar) as customer_id,
    cast(n.customer_key as varchar) as customer_key,
    {%- for field in fields if field != 'marketing_consent' %}
    cast(g.{{ field }} as varchar) as {{ field }},
    {%- endfor %}
    cast(g.marketing_consent as boolean) as marketing_consent,
    cast(n.records as bigint) as records,
    cast(case when n.is_weak then 'probable' else 'attributed' end as varchar) as certainty,
    cast(h.household_id as varchar) as household_id,
    cast(t.tenure as varchar) as tenure,
    cast(t.value_tier as varchar) as value_tier,
    cast(t.loyalty_tier as varchar) as loyalty_tier,
    cast(
        case
            when a.nps_score is null then null
            when a.nps_score >= 9 and coalesce(p.is_often_here, false) then 'true'
            when a.nps_score >= 9 then 'latent'
            when coalesce(p.is_often_here, false) then 'spurious'
            else 'none'
        end as varchar
    ) as loyalty_kind,
    cast(a.nps_score as decimal(9, 3)) as nps_score,
    cast(p.last_order_day as date) as last_order_day,
    cast(p.recency_days as bigint) as recency_days,
    cast(p.frequency as bigint) as frequency,
    cast(p.monetary as decimal(18, 4)) as monetary,
    cast(p.recency_quintile as integer) as recency_quintile,
    cast(p.frequency_quintile as integer) as frequency_quintile,
    cast(p.monetary_quintile as integer) as monetary_quintile,
    -- who never came back is alive by the model, which is no finding
    cast(case when v.repeat_days > 0 then round(1 - v.p_alive, 9) end as double) as churn_risk,
    cast(v.expected_orders_12m as double) as expected_orders_12m,
    cast(v.expected_margin as decimal(18, 4)) as expected_margin,
    cast(v.value_12m as decimal(18, 4)) as value_12m,
    cast(v.value_low as decimal(18, 4)) as value_low,
    cast(v.value_high as decimal(18, 4)) as value_high,
    cast(coalesce(o.open_cases, 0) as bigint) as open_cases,
    cast(coalesce(o.open_complaints, 0) as bigint) as open_complaints,
    cast(l.last_contact_at as timestamp) as last_contact_at,
    cast(l.last_contact_channel as varchar) as last_contact_channel,
    cast(s.first_seen_at as timestamp) as first_seen_at,
    cast(s.last_seen_at as timestamp) as last_seen_at
from {{ ref('customer_numbers') }} as n
inner join sliced as t on n.customer_no = t.customer_no
left join golden as g on n.customer_id = g.customer_id
left join {{ source('identity', 'households') }} as h on n.customer_id = h.customer_id
left join {{ ref('customer_purchases') }} as p on n.customer_no = p.customer_no
left join {{ source('lifetime_value', 'customers') }} as v on n.customer_no = v.customer_no
left join nps_answers as a on n.customer_no = a.customer_no
left join open_cases as o on n.customer_no = o.customer_no
left join last_contacts as l on n.customer_no = l.customer_no
left join seen as s on n.customer_no = s.customer_no
