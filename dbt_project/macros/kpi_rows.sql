{#- Small words that several KPIs share. -#}

{#- Who answers for a row in statistics: the customer, else the event alone, numbered below 0. -#}
{% macro sampling_unit(customer_no, event) -%}
coalesce(cast({{ customer_no }} as bigint), -1 - {{ text_number(event) }})
{%- endmacro %}

{#- Promoter, passive or detractor of a 0–10 answer (Reichheld 2003). -#}
{% macro nps_sign(score) -%}
case when {{ score }} >= 9 then 1 when {{ score }} >= 7 then 0 else -1 end
{%- endmacro %}

{#- First day of a period's last month. -#}
{% macro last_month(period_kind, period_start) -%}
case {{ period_kind }}
            when 'month' then {{ period_start }}
            when 'quarter' then {{ add_months(period_start, 2) }}
            else {{ add_months(period_start, 11) }}
        end
{%- endmacro %}

{#- Whether a day has passed by the run's clock: only then is a window that ends with it closed. -#}
{% macro is_over(day) -%}
{{ day }} < (select {{ company_day('s.as_of') }} from {{ source('config', 'settings') }} as s)
{%- endmacro %}

{#- A number in three significant digits, half away from nought. -#}
{% macro three_digits(number) -%}
{%- set place = 'power(10, floor(log10(abs(' ~ number ~ '))) - 2)' -%}
case when {{ number }} = 0 then 0.0 else round(round({{ number }} / {{ place }}) * {{ place }}, 9) end
{%- endmacro %}
