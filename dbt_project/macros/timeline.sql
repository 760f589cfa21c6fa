{#- What an event of the timeline says beside when, where and what: the columns that `known` names as their expressions
    (column → SQL), the others null. -#}
{% macro event_details(known) -%}
{%- set types = {
    'channel': 'varchar', 'title': 'varchar', 'outcome': 'varchar', 'amount': 'decimal(18, 4)', 'points': 'decimal(18, 4)',
    'score': 'decimal(9, 3)', 'comment': 'varchar', 'org_unit_id': 'varchar', 'issue_key': 'varchar', 'case_key': 'varchar',
} %}
{%- for column, type in types.items() %}
        cast({{ known.get(column, 'null') }} as {{ type }}) as {{ column }}{{ ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}
