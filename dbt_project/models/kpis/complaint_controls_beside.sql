-- Did complainers stay as others do who are like them? Grain: one row per KPI cell (slice `all`) and measure: the share of
-- matched customers without a complaint who stayed, how many of them that is worth, and the gap with its interval.
-- Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; a control weighs as many complainers as it stands for.
{{ config(materialized='table') }}
with complainers as (
    select
        c.customer_no,
        c.source_system,
        c.case_id,
        c.closed_day,
        c.opened_day,
        cast(c.closed_day + interval 90 day as date) as event_day,
        h.org_unit_id,
        h.channel as main_channel,
        c.is_active_after,
        {{ complaint_stratum('c.closed_day') }}
    from {{ ref('complaint_closures') }} as c
    inner join {{ ref('home_units') }} as h on c.customer_no = h.customer_no and c.opened_day = h.on_day
    where {{ is_over('c.closed_day + interval 90 day') }}
),

ranked as (
    select
        c.*,
        p.ancestor_id,
        k.period_kind,
        k.period_start,
        row_number() over (
            partition by p.ancestor_id, k.period_kind, k.period_start, c.customer_no
            order by c.closed_day desc, c.opened_day desc, c.source_system desc, c.case_id desc
        ) as place
    from complainers as c
    inner join {{ ref('unit_paths') }} as p
        on c.org_unit_id = p.org_unit_id and c.closed_day >= p.day_from and c.closed_day < p.day_to
    inner join {{ ref('periods') }} as k on c.event_day >= k.period_start and c.event_day < k.period_end
),

strata as (
    select
        ancestor_id as org_unit_id, period_kind, period_start,
        anchor_month, tenure_band, days_band, recency_band, main_channel,
        count(*) as complainers,
        count(*) filter (where is_active_after) as stayed
    from ranked
    where place = 1
    group by ancestor_id, period_kind, period_start, anchor_month, tenure_band, days_band, recency_band, main_channel
),

alike as (
    select
        {{ complaint_stratum('c.month_start') }},
        h.channel as main_channel,
        c.is_active_after
    from {{ ref('complaint_controls') }} as c
    inner join {{ ref('home_units') }} as h on c.customer_no = h.customer_no and c.month_start = h.on_day
),

controls as (
    select
        anchor_month, tenure_band, days_band, recency_band, main_channel,
        count(*) as controls,
        count(*) filter (where is_active_after) as stayed
    from alike
    group by anchor_month, tenure_band, days_band, recency_band, main_channel
),

matched as (
    select
        s.org_unit_id,
        s.period_kind,
        s.period_start,
        cast(sum(s.complainers) as double) as n1,
        cast(sum(s.stayed) as double) as stayed,
        -- each rounded, so that no order of adding shows
        cast(sum(cast(cast(s.complainers * c.stayed as double) / c.controls as decimal(28, 12))) as double) as weighed,
        cast(sum(cast(cast(s.complainers * s.complainers as double) / c.controls as decimal(28, 12))) as double) as squares
    from strata as s
    inner join controls as c
        on s.anchor_month = c.anchor_month
        and s.tenure_band = c.tenure_band
        and s.days_band = c.days_band
        and s.recency_band = c.recency_band
        and s.main_channel = c.main_channel
    group by s.org_unit_id, s.period_kind, s.period_start
),

compared as (
    select
        org_unit_id,
        period_kind,
        period_start,
        n1,
        n1 * n1 / squares as n2,
        stayed / n1 as p1,
        least(weighed / n1, 1.0) as p2
    from matched
),

judged as (
    select *, {{ newcombe_bound('-') }} as gap_low, {{ newcombe_bound('+') }} as gap_high
    from compared
    where n1 >= 5 and n2 >= 5
)

{% for measure, value, low, high in [
    ('control_value', '100 * p2', 'null', 'null'),
    ('control_n', 'n2', 'null', 'null'),
    ('control_gap', '100 * (p1 - p2)', '100 * gap_low', '100 * gap_high'),
] -%}
select
    'post_complaint_retention' as kpi_id,
    org_unit_id,
    period_kind,
    period_start,
    '{{ measure }}' as measure,
    round({{ value }}, 9) as value,
    round(cast({{ low }} as double), 9) as ci_low,
    round(cast({{ high }} as double), 9) as ci_high
from judged
{{ 'union all' if not loop.last }}
{% endfor %}
