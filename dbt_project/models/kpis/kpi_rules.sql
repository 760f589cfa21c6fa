-- What the arithmetic needs of a KPI beyond the published catalogue, from the YAML twins. Grain: one row per KPI.
-- attainment_cap: points it may earn at most; natural_min, natural_max: the ends of its scale in the published unit, null
-- where it has none; cap_lifted_by: the KPI that lifts the cap where it is not below its usual level; is_company_only: it
-- has no value but the company's; duration_microseconds: what its durations are told in; signal_every_months: 3 where
-- windows overlap, so that only every third month enters its signals, 0 where none does;
-- definition_since: the month from which the definition in force counts, null for the first one;
-- complement: what is left of 100 %, by its code, where that has a name.
{{ config(materialized='table') }}
{%- for kpi_id in all_kpis() %}
-- depends_on: {{ ref(kpi_id) }}
{%- set kpi = kpi_meta(kpi_id) %}
select
    '{{ kpi_id }}' as kpi_id,
    cast({{ kpi.get('attainment_cap', 120) }} as double) as attainment_cap,
    cast({{ kpi.get('natural_min', 'null') }} as double) as natural_min,
    cast({{ kpi.get('natural_max', 'null') }} as double) as natural_max,
    cast({{ "'" ~ kpi.cap_lifted_by ~ "'" if kpi.get('cap_lifted_by') else 'null' }} as varchar) as cap_lifted_by,
    {{ 'true' if kpi.get('scope') == 'company' else 'false' }} as is_company_only,
    {{ {'hours': 3600000000, 'seconds': 1000000}[kpi.get('duration_unit', 'hours')] }} as duration_microseconds,
    {{ kpi.get('signal_every_months', 1) }} as signal_every_months,
    cast({{ "'" ~ kpi.definition_since ~ "'" if kpi.get('definition_since') else 'null' }} as date) as definition_since,
    {{ "'" ~ kpi.complement ~ "'" if kpi.get('complement') else 'cast(null as varchar)' }} as complement
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
