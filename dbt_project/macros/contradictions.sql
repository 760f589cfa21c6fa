{#- Whether two rows of identity_records speak of one person; null where a side says nothing. -#}

{#- True where both birth dates are known and no reading of the one is a reading of the other. -#}
{% macro dates_differ(a, b) -%}
{{ a }}.birth_date is not null and {{ b }}.birth_date is not null
        and {{ a }}.birth_date <> {{ b }}.birth_date
        and coalesce({{ a }}.birth_date <> {{ b }}.birth_date_alternative, true)
        and coalesce({{ a }}.birth_date_alternative <> {{ b }}.birth_date, true)
        and coalesce({{ a }}.birth_date_alternative <> {{ b }}.birth_date_alternative, true)
{%- endmacro %}

{#- A name in characters is whole, a surname alone apart, and not another of one sound; beside one, a name that is no
pinyin says nothing. -#}
{% macro names_compatible(a, b) -%}
case
            when {{ a }}.name_key = {{ b }}.name_key
                then coalesce(translate({{ a }}.han_name, {{ b }}.han_name, '') = '', true)
            when {{ a }}.name_key is null or {{ b }}.name_key is null then null
            when
                {{ a }}.han_name is not null and {{ b }}.han_name is not null
                and least(len({{ a }}.name_tokens), len({{ b }}.name_tokens)) > 1
                then false
            when
                ({{ a }}.han_name is null) = ({{ b }}.han_name is null)
                or ({{ a }}.name_is_chinese and {{ b }}.name_is_chinese)
                then
                    {{ array_contains_all(a ~ '.name_tokens', b ~ '.name_tokens') }}
                    or {{ array_contains_all(b ~ '.name_tokens', a ~ '.name_tokens') }}
        end
{%- endmacro %}
