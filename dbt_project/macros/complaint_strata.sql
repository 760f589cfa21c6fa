{#- What makes a complainer and another customer comparable. -#}

{#- Aggregates over a customer's order days, seen from an anchor day. -#}
{% macro bought_around(anchor, order_day) -%}
count(*) filter (
            where {{ order_day }} < {{ anchor }} and {{ order_day }} >= {{ anchor }} - interval 365 day
        ) as order_days_before,
        max({{ order_day }}) filter (where {{ order_day }} < {{ anchor }}) as last_order_day,
        min({{ order_day }}) as first_order_day,
        coalesce(
            bool_or({{ order_day }} > {{ anchor }} and {{ order_day }} <= {{ anchor }} + interval 90 day), false
        ) as is_active_after
{%- endmacro %}

{#- Month, tenure, order days and recency in bands, as columns; the main channel stands beside them. -#}
{% macro complaint_stratum(anchor) -%}
cast(date_trunc('month', {{ anchor }}) as date) as anchor_month,
        case
            when first_order_day >= {{ anchor }} - interval 90 day then 90
            when first_order_day >= {{ anchor }} - interval 365 day then 365
            else 999
        end as tenure_band,
        case when order_days_before <= 2 then order_days_before when order_days_before <= 4 then 4 else 5 end as days_band,
        case
            when last_order_day >= {{ anchor }} - interval 30 day then 30
            when last_order_day >= {{ anchor }} - interval 90 day then 90
            else 365
        end as recency_band
{%- endmacro %}
