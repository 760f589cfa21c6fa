-- How many a pilot's primary KPI counted while it ran, who were in none of its arms. Grain: one row per pilot with some.
-- Few of them could be had by subtracting the arms from all.
{{ config(materialized='table') }}
-- depends_on: {{ ref('stg_pilots') }}
-- depends_on: {{ ref('test_arms') }}
{%- for kpi_id in all_kpis() %}
-- depends_on: {{ ref(kpi_id) }}
{%- endfor %}
{%- set named = run_query('select distinct primary_kpi_id from ' ~ ref('stg_pilots')).columns[0].values() if execute else [] %}
{% for kpi_id in all_kpis() if kpi_id in named and kpi_meta(kpi_id).get('adds') not in ('effect', 'index') -%}
select s.pilot_id, count(distinct k.sampling_unit) as others
from {{ ref('pilot_spans') }} as s
inner join {{ ref(kpi_id) }} as k on k.path_day >= s.starts_on and k.path_day < s.ends_on
left join {{ ref('test_arms') }} as a
    on a.test_kind = 'pilot' and s.pilot_id = a.test_id and k.customer_no = a.customer_no and a.arm <> 'both'
where s.primary_kpi_id = '{{ kpi_id }}' and a.customer_no is null
group by s.pilot_id
union all
{% endfor -%}
-- columns, where no pilot names a KPI that can be followed per customer
select pilot_id, cast(0 as bigint) as others
from {{ ref('pilot_spans') }}
where false
