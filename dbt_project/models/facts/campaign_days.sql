-- Days on which a campaign ran where a customer is. Grain: one row per company day, channel and region inside one.
with channels as (
    select channel from {{ ref('orders') }}
    union
    select channel from {{ ref('survey_answers') }}
    union
    select channel from {{ ref('cases') }}
),

regions as (
    select region from {{ ref('profiles') }}
    union
    select 'unknown' as region
),

clock as (
    select {{ company_day('as_of') }} as today from {{ source('config', 'settings') }}
),

days as (
    select
        a.channel,
        a.region,
        {{ day_series('a.starts_on', 'least(coalesce(a.ends_on - interval 1 day, t.today), t.today)') }} as day
    from {{ ref('action_spans') }} as a
    cross join clock as t
    where a.action_type = 'campaign'
)

select distinct cast(d.day as date) as day, c.channel, r.region
from days as d
inner join channels as c on coalesce(d.channel, c.channel) = c.channel
inner join regions as r on coalesce(d.region, r.region) = r.region
