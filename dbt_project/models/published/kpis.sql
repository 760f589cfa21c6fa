-- noqa: disable=LT05
-- The catalogue: what every KPI is called, means and needs, from the YAML twins. Grain: one row per KPI.
{%- set texts = ['label_en', 'label_zh', 'definition_en', 'definition_zh', 'role_en', 'role_zh', 'limitation_en',
    'limitation_zh', 'unit', 'adds', 'direction', 'interval', 'floor_basis'] %}
{%- for kpi_id in all_kpis() %}
-- depends_on: {{ ref(kpi_id) }}
{%- set kpi = kpi_meta(kpi_id) %}
select
    '{{ kpi_id }}' as kpi_id,
    {%- for text in texts[:9] %}
    '{{ kpi.get(text, '') | replace("'", "''") }}' as {{ text }},
    {%- endfor %}
    cast({{ kpi.get('scale', 1) }} as double) as scale,
    cast({{ kpi.get('offset', 0) }} as double) as "offset",
    '{{ kpi.get('adds', '') }}' as adds,
    '{{ kpi.get('direction', '') }}' as direction,
    [{% for function in kpi.get('functions', []) %}'{{ function }}'{{ ', ' if not loop.last }}{% endfor %}] as functions,
    '{{ kpi.get('interval', '') }}' as interval,
    '{{ kpi.get('floor_basis', '') }}' as floor_basis,
    cast({{ kpi.get('shown_floor', 0) }} as bigint) as shown_floor,
    cast({{ 'null' if kpi.get('is_guardrail') else kpi.get('scored_floor', 0) }} as bigint) as scored_floor,
    cast({{ kpi.get('matures_after_days', 0) }} as bigint) as matures_after_days,
    cast({{ kpi.get('definition_version', 1) }} as bigint) as definition_version,
    {{ 'true' if kpi.get('is_guardrail') else 'false' }} as is_guardrail,
    cast({{ "'" ~ kpi.duration_unit ~ "'" if kpi.get('duration_unit') else 'null' }} as varchar) as duration_unit,
    cast({{ kpi.get('company_place', 'null') }} as bigint) as company_place,
    cast({{ "'" ~ kpi.definition_since ~ "'" if kpi.get('definition_since') else 'null' }} as date) as definition_since
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
