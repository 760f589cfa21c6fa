{#- A model takes its own name at once. dbt's materializations build under another name and rename, for those who query the
    warehouse meanwhile; here nobody does: one writer holds it, and readers have the published version. Building, dropping
    and creating are one transaction, so a failure leaves what stood. It halves dbt's own cost of a model. -#}

{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {{ drop_what_stands() }}
        {{ create_table_as(False, target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {{ drop_what_stands() }}
        {{ get_create_view_as_sql(target, compiled_code) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- A table whose query is a union of parts that are computed one after the other, so that no part waits in memory for the
    next. In the model the parts stand between lines `-- next part` with `union all` below. -#}
{% materialization table_in_parts, default %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set parts = compiled_code.split('-- next part\nunion all\n') -%}
    {{ run_hooks(pre_hooks) }}
    {% do drop_relation_if_exists(load_cached_relation(this)) %}
    {% call statement('main') -%}
        {{ create_table_as(False, target, parts[0]) }}
    {%- endcall %}
    {% for part in parts[1:] %}
    {% call statement('part_' ~ loop.index) -%}
        insert into {{ target }}
        {{ part }}
    {%- endcall %}
    {% endfor %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro drop_what_stands() -%}
{%- set standing = load_cached_relation(this) -%}
{%- if standing -%}
drop {{ standing.type }} if exists {{ standing }};
{%- endif -%}
{%- endmacro %}
