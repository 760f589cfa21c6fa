{#- Rows of a cohort KPI: new customers, dated by the day `days` after their first order, and whether they bought in the
    last 90 of these. In the first year of the history nobody is known to be new. -#}
{% macro cohort_retention(days) -%}
with history as (
    select coalesce(max(s.history_starts_on), min(f.order_day)) as starts_on
    from {{ ref('first_orders') }} as f
    cross join {{ source('config', 'settings') }} as s
),

newcomers as (
    select f.*, cast(f.order_day + interval {{ days }} day as date) as last_day
    from {{ ref('first_orders') }} as f
    cross join history as h
    where f.order_day >= h.starts_on + interval 365 day and {{ is_over('f.order_day + interval ' ~ days ~ ' day') }}
),

retained as (
    select distinct n.customer_no
    from newcomers as n
    inner join {{ ref('customer_days') }} as d on n.customer_no = d.customer_no
    where d.order_day > n.last_day - interval 90 day and d.order_day <= n.last_day
)

select
    n.customer_no,
    cast(n.customer_no as bigint) as sampling_unit,
    n.is_weak,
    n.last_day as event_day,
    n.order_day as path_day,
    n.org_unit_id,
    n.channel,
    1 as x,
    case when r.customer_no is null then 0 else 1 end as y
from newcomers as n
left join retained as r on n.customer_no = r.customer_no
{%- endmacro %}
