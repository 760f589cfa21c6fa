{#- Which source system a reference means: the one it names, else the row's own if that knows the id, else the only
    system that does. Landing has set aside the rows for which this is ambiguous. Joins go behind the relation
    (`referring`, aliased `row`). -#}
{% macro referenced_system(row, system_column) -%}
coalesce({{ row }}.{{ system_column }}, same_system.source_system, only_system.source_system)
{%- endmacro %}

{% macro referenced_system_joins(row, referring, id_column, target) -%}
left join {{ ref('stg_' ~ target) }} as same_system
    on {{ row }}.source_system = same_system.source_system and {{ row }}.{{ id_column }} = same_system.{{ id_column }}
left join (
    select {{ id_column }}, min(source_system) as source_system
    from {{ ref('stg_' ~ target) }}
    where {{ id_column }} in (select named.{{ id_column }} from {{ referring }} as named)
    group by {{ id_column }}
    having count(*) = 1
) as only_system on {{ row }}.{{ id_column }} = only_system.{{ id_column }}
{%- endmacro %}
