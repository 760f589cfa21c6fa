{#- The unit responsible for an event: named by the row, else its employee's that day, else its channel's, else the
    company. `own_unit_joins` goes behind the event relation (aliased, with a column event_day), `own_unit` into the select. -#}
{% macro own_unit() -%}
coalesce(named_unit.org_unit_id, employee_unit.org_unit_id, channel_unit.org_unit_id, company.org_unit_id)
{%- endmacro %}

{% macro own_unit_joins(event) -%}
cross join {{ ref('unit_root') }} as company
left join (select distinct org_unit_id from {{ ref('stg_org_units') }}) as named_unit
    on {{ event }}.org_unit_id = named_unit.org_unit_id
left join {{ ref('employee_units') }} as employee_unit
    on {{ event }}.employee_id = employee_unit.employee_id
    and {{ event }}.event_day >= employee_unit.day_from
    and {{ event }}.event_day < employee_unit.day_to
left join {{ ref('channel_units') }} as channel_unit
    on {{ event }}.channel = channel_unit.channel
{%- endmacro %}
