-- What a pilot's customers did in terms of its primary KPI. Grain: one row per pilot and customer of one arm with rows of that
-- KPI whose path day lies in the pilot; x and y together as the KPI's `adds` says.
-- Only KPIs that a pilot names are computed a second time.
{{ config(materialized='table') }}
{{ slices_depend_on() }}
-- depends_on: {{ ref('stg_pilots') }}
{%- set named = run_query('select distinct primary_kpi_id from ' ~ ref('stg_pilots')).columns[0].values() if execute else [] %}
with arms as (
    select s.*, a.customer_no, a.arm
    from {{ ref('pilot_spans') }} as s
    inner join {{ ref('test_arms') }} as a on a.test_kind = 'pilot' and s.pilot_id = a.test_id
    where a.arm <> 'both'
)

{% for kpi_id in all_kpis() if kpi_id in named and kpi_meta(kpi_id).get('adds') not in ('effect', 'index') -%}
{%- set adds, first = kpi_meta(kpi_id).get('adds'), kpi_meta(kpi_id).get('keeps') == 'first' -%}
select
    a.pilot_id,
    a.arm,
    a.customer_no,
    {%- if adds in ('latest', 'anchor') %}
    cast(max(k.x) as decimal(28, 9)) as x,
    cast({{ 'min' if first else 'max' }}({ 'place': k.place, 'y': k.y }).y as decimal(28, 9)) as y
    {%- elif adds == 'as_of' %}
    cast(max({ 'day': k.event_day, 'x': k.x, 'y': k.y }).x as decimal(28, 9)) as x,
    cast(max({ 'day': k.event_day, 'x': k.x, 'y': k.y }).y as decimal(28, 9)) as y
    {%- else %}
    cast(sum(k.x) as decimal(28, 9)) as x,
    cast(sum(k.y) as decimal(28, 9)) as y
    {%- endif %}
from arms as a
inner join {{ ref(kpi_id) }} as k
    on a.customer_no = k.customer_no and k.path_day >= a.starts_on and k.path_day < a.ends_on
where
    a.primary_kpi_id = '{{ kpi_id }}'
    {%- if adds == 'latest' and 'item' in kpi_meta(kpi_id).get('slices') %}
    -- of a battery the whole, not its items
    and k.item is null
    {%- endif %}
group by a.pilot_id, a.arm, a.customer_no
union all
{% endfor -%}
-- columns, and rows where no pilot names a KPI that can be followed per customer
select pilot_id, arm, customer_no, cast(0 as decimal(28, 9)) as x, cast(0 as decimal(28, 9)) as y
from arms
where false
