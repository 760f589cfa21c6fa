{#- Identifiers and names in one spelling. Full-width forms (Ａ１＠) become their ASCII twins first; few texts hold any, and the
    translation is slow. -#}
{% macro narrow(text) -%}
case when {{ is_ascii(text) }} then {{ text }} else translate({{ text }}, '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～　', '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~ ') end
{%- endmacro %}

{#- Digits with the country code of the company's phone region where none is written: '0086 138-0013-8001' → +8613800138001.
    Null where fewer than 7 digits are written, or more than the 15 of E.164 come out. -#}
{% macro normalised_phone(text) -%}
{%- set code = "(select s.phone_country_code from " ~ source('config', 'settings') ~ " as s)" -%}
{%- set kept = regex_remove(narrow(text), '[^0-9+]') -%}
{%- set digits = regex_remove(narrow(text), '[^0-9]') -%}
{%- set international -%}
case
    when {{ kept }} like '+%' then '+' || {{ digits }}
    when {{ kept }} like '00%' then '+' || substring({{ digits }}, 3)
    when {{ code }} = '86' and length({{ digits }}) = 11 and {{ digits }} like '1%' then '+86' || {{ digits }}
    when
        {{ digits }} like {{ code }} || '%' and length({{ digits }}) between 11 and 13
        and ({{ code }} <> '86' or length({{ digits }}) = 13)
        then '+' || {{ digits }}
    when {{ digits }} like '0%' then '+' || {{ code }} || substring({{ digits }}, 2)
    else '+' || {{ code }} || {{ digits }}
end
{%- endset -%}
case when length({{ digits }}) >= 7 and length({{ international }}) <= 16 then {{ international }} end
{%- endmacro %}

{#- Lower case; null where it is no address at all. -#}
{% macro normalised_email(text) -%}
case when {{ regex_matches(narrow(text), "'^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$'") }} then lower({{ narrow(text) }}) end
{%- endmacro %}

{#- Card, account, union, device and cookie ids: upper case, letters (of any script) and digits only. -#}
{% macro normalised_code(text) -%}
nullif(upper({{ regex_remove(narrow(text), '[^\\p{L}\\p{N}]') }}), '')
{%- endmacro %}

{% macro normalised_identifier(identifier_type, value) -%}
case {{ identifier_type }}
    when 'phone' then {{ normalised_phone(value) }}
    when 'email' then {{ normalised_email(value) }}
    else {{ normalised_code(value) }}
end
{%- endmacro %}

{#- True where the company's list calls the value junk for its type. -#}
{% macro is_junk(identifier_type, value) -%}
exists (
    select 1
    from {{ ref('junk_identifiers') }} as junk
    where junk.identifier_type = {{ identifier_type }} and {{ regex_matches(value, 'junk.pattern') }}
)
{%- endmacro %}

{#- True where a text without white space around is junk for its type, null for null. The list is read when the model is
    compiled, so that its patterns are constants, which the engine prepares once and not per row. -#}
{% macro is_junk_text(identifier_type, text) -%}
{%- set listed = ref('junk_identifiers') -%}
{%- set patterns = [] -%}
{%- if execute -%}
    {%- set found = run_query(
        "select pattern from " ~ listed ~ " where identifier_type = '" ~ identifier_type ~ "' order by pattern"
    ) -%}
    {%- set patterns = found.columns[0].values() | list -%}
{%- endif -%}
{{ regex_matches(text, "'" ~ (patterns | join('|') | replace("'", "''") or '^$') ~ "'") }}
{%- endmacro %}

{#- f or m, whatever language and letters say so; null where they don't. -#}
{% macro gender_code(text) -%}
case
    when lower({{ narrow('trim(' ~ text ~ ')') }}) in ('f', 'female', 'woman', 'w', 'ms', 'mrs', 'miss', 'girl', '女', '女性', '女士', '小姐') then 'f'
    when lower({{ narrow('trim(' ~ text ~ ')') }}) in ('m', 'male', 'man', 'mr', 'boy', '男', '男性', '先生') then 'm'
end
{%- endmacro %}
