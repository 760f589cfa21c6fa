{#- A delivered dataset as it is to be used: the contract's columns without the rows that landing set aside
    (raw.set_aside: superseded, duplicate, quarantined) and without what the source withdrew. -#}
{% macro staged(dataset) %}
{%- set delivered = source('raw', dataset) %}
{%- set columns = [] %}
{%- if execute %}
    {%- for node in graph.sources.values() if node.source_name == 'raw' and node.name == dataset %}
        {%- do columns.extend(node.columns.keys() | reject('equalto', 'withdrawn')) %}
    {%- endfor %}
{%- endif %}
select
    {%- for column in columns %}
    delivered.{{ column }},
    {%- endfor %}
    delivered._delivery,
    delivered._line
from {{ delivered }} as delivered
where not coalesce(delivered.withdrawn, false) and not delivered._aside
{% endmacro %}
