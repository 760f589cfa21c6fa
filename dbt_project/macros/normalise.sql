{#- Identifiers and names in one spelling. Full-width forms (Ａ１＠) become their ASCII twins first; few texts hold any, and the
    translation is slow. -#}
{% macro narrow(text) -%}
case when {{ is_ascii(text) }} then {{ text }} else translate({{ text }}, '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～　', '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~ ') end
{%- endmacro %}

{#- Numbers as most are written, in E.164: exactly what functions/phones.py says of them (a test compares), without its
    cost. Null for any other, which the model identity_phones asks it about. -#}
{% macro regular_phone(text) -%}
{%- set code = "(select s.phone_country_code from " ~ source('config', 'settings') ~ " as s)" -%}
{%- set digits = "replace(replace(" ~ text ~ ", ' ', ''), '-', '')" -%}
case
    when {{ regex_matches(digits, "'^[+]861[3-9][0-9]{9}$'") }} then {{ digits }}
    when {{ code }} = '86' and {{ regex_matches(digits, "'^(86|0086)?1[3-9][0-9]{9}$'") }} then '+86' || right({{ digits }}, 11)
    when {{ regex_matches(digits, "'^[+]1[2-9][0-9]{2}[2-9][0-9]{6}$'") }} then {{ digits }}
    when {{ code }} = '1' and {{ regex_matches(digits, "'^1?[2-9][0-9]{2}[2-9][0-9]{6}$'") }} then '+1' || right({{ digits }}, 10)
    when {{ code }} = '44' and {{ regex_matches(digits, "'^0(1[1-9]|2|7[1-9])[0-9]{8,9}$'") }} and length({{ digits }}) = 11
        then '+44' || substring({{ digits }}, 2)
    when {{ code }} = '49' and {{ regex_matches(digits, "'^01[5-7][0-9]{8,9}$'") }} then '+49' || substring({{ digits }}, 2)
end
{%- endmacro %}

{#- The first address of a cell in lower case ('mailto:' and 'Ann <a@b.cn>' are stripped); null where it holds none. -#}
{% macro written_email(text) -%}
nullif({{ regex_extract('lower(' ~ narrow(text) ~ ')', "(?:^|mailto:|[<\\s;,])([^@\\s<>;,:]+@[^@\\s<>;,]+\\.[^@\\s<>;,.]+)", 1) }}, '')
{%- endmacro %}

{#- Card, account, union, device and cookie ids: upper case, letters (of any script) and digits only. -#}
{% macro normalised_code(text) -%}
nullif(upper({{ regex_remove(narrow(text), '[^\\p{L}\\p{N}]') }}), '')
{%- endmacro %}

{#- An e-mail address as its provider delivers it, beside the provider's row of mail_providers (null: it minds everything). -#}
{% macro delivered_email(email, provider) -%}
{%- set local = "split_part(" ~ email ~ ", '@', 1)" -%}
{%- set untagged = "case when " ~ provider ~ ".ignores_tags then split_part(" ~ local ~ ", '+', 1) else " ~ local ~ " end" -%}
{%- set undotted = "case when " ~ provider ~ ".ignores_dots then replace(" ~ untagged ~ ", '.', '') else " ~ untagged ~ " end" -%}
case when {{ provider }}.domain is null then {{ email }} else coalesce(nullif({{ undotted }}, ''), {{ local }}) || '@' || {{ provider }}.same_as end
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
    when lower({{ text }}) in ('f', 'ｆ', 'female', 'woman', 'w', 'ms', 'mrs', 'miss', 'girl', '女', '女性', '女士', '小姐') then 'f'
    when lower({{ text }}) in ('m', 'ｍ', 'male', 'man', 'mr', 'boy', '男', '男性', '先生') then 'm'
end
{%- endmacro %}
