-- The calendar of the company's own history. Grain: one row per period kind and period.
-- No period starts after the last business event; a period is complete when it ended by as_of.
with clock as (
    select {{ company_day('as_of') }} as today from {{ source('config', 'settings') }}
),

-- a moment's company day grows with the moment, so that only the extremes need a time zone
events as (
    {%- for dataset, moment in [('orders', 'ordered_at'), ('survey_responses', 'responded_at'), ('cases', 'opened_at'),
        ('contacts', 'started_at'), ('loyalty_events', 'occurred_at')] %}
    select min({{ moment }}) as first_at, max({{ moment }}) as last_at from {{ ref('stg_' ~ dataset) }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

span as (
    select {{ company_day('min(first_at)') }} as first_day, {{ company_day('max(last_at)') }} as last_day from events
),

days as (
    select cast({{ month_series("date_trunc('month', first_day)", "date_trunc('month', last_day)") }} as date) as month_start
    from span
),

kinds as (
    select distinct 'month' as period_kind, month_start as period_start, {{ add_months('month_start', 1) }} as period_end
    from days
    union
    select
        'quarter' as period_kind,
        cast(date_trunc('quarter', month_start) as date) as period_start,
        {{ add_months("cast(date_trunc('quarter', month_start) as date)", 3) }} as period_end
    from days
    union
    select
        'year' as period_kind,
        cast(date_trunc('year', month_start) as date) as period_start,
        {{ add_months("cast(date_trunc('year', month_start) as date)", 12) }} as period_end
    from days
)

select k.period_kind, k.period_start, k.period_end, k.period_end <= c.today as is_complete
from kinds as k
cross join clock as c
