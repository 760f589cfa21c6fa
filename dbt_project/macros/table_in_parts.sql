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
