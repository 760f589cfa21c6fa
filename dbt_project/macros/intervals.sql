{#- 95 % intervals from the six sums of a cell; each gives the lower or upper bound of Σy/Σx (unscaled).
    They expect the columns n, sum_x, sum_y, sum_xx, rate (Σy/Σx) and rate_variance. Sources stand in kpis' design:
    adj_wald Rocks (2016); wilson Wilson (1927) with the design effect of clustered answers; poisson Garwood (1936);
    ratio the linearised variance with Student's t (Cochran 1977, Sampling Techniques, 6.4), not yet clipped. -#}
{% macro z95() %}1.959963984540054{% endmacro %}

{#- Linearised variance of a ratio of two sums over n sampling units. -#}
{% macro rate_variance() -%}
n / (n - 1.0) * (sum_yy - 2 * rate * sum_xy + rate * rate * sum_xx) / (cast(sum_x as double) * sum_x)
{%- endmacro %}

{#- NPS as −1, 0, +1: three quarters of an answer added to promoters and to detractors, three to n. -#}
{% macro adj_wald_bound(sign) -%}
{%- set centre -%} (cast(sum_y as double) / (n + 3)) {%- endset -%}
{%- set spread -%} sqrt(((sum_yy + 1.5) / (n + 3) - {{ centre }} * {{ centre }}) / (n + 3)) {%- endset -%}
least(1.0, greatest(-1.0, {{ centre }} {{ sign }} {{ z95() }} * {{ spread }}))
{%- endmacro %}

{#- Answers of one customer resemble each other: n shrinks by the design effect. -#}
{% macro effective_n() -%}
case
    when sum_xx = sum_x then cast(sum_x as double)
    when rate in (0, 1) then cast(n as double)
    else sum_x / greatest(1.0, rate_variance / (rate * (1 - rate) / sum_x))
end
{%- endmacro %}

{% macro wilson_bound(sign) -%}
{%- set z = z95() -%}
greatest(0.0, least(1.0,
    (rate + {{ z }} * {{ z }} / (2 * effective_n)
        {{ sign }} {{ z }} * sqrt(rate * (1 - rate) / effective_n + {{ z }} * {{ z }} / (4 * effective_n * effective_n)))
    / (1 + {{ z }} * {{ z }} / effective_n)
))
{%- endmacro %}

{#- Exact limits of a count over φ, the excess of its variance over Poisson's. -#}
{% macro overdispersion() -%}
case
    when sum_y > 0 then greatest(1.0, rate_variance * sum_x * sum_x / sum_y)
    else 1.0
end
{%- endmacro %}

{% macro poisson_lower() -%}
case
    when sum_y > 0 then {{ gamma_quantile('cast(0.025 as double)', 'sum_y / overdispersion') }} * overdispersion / sum_x
    else 0.0
end
{%- endmacro %}

{% macro poisson_upper() -%}
{{ gamma_quantile('cast(0.975 as double)', 'sum_y / overdispersion + 1') }} * overdispersion / sum_x
{%- endmacro %}

{#- Any other ratio of two sums. Rounding may leave a variance of nothing just below zero. -#}
{% macro ratio_bound(sign) -%}
rate {{ sign }} {{ t_quantile('cast(0.975 as double)', 'cast(n - 1 as double)') }} * sqrt(greatest(0.0, rate_variance))
{%- endmacro %}

{#- Of added effects: sum_yy is the variance of Σy, sum_xx what Welch's degrees of freedom are made of. -#}
{% macro effect_bound(sign) -%}
case
    when sum_xx > 0
        then rate {{ sign }} {{ t_quantile('cast(0.975 as double)', 'sum_yy * sum_yy / sum_xx') }} * sqrt(sum_yy) / sum_x
end
{%- endmacro %}

{#- A bound no farther than the KPI can go: `value` is in the unit that is published (after scale and offset), and so are
    the columns natural_min and natural_max, which are null on a side that has no end. Null stays null. -#}
{% macro within_natural_bounds(value) -%}
case
    when {{ value }} < natural_min then natural_min
    when {{ value }} > natural_max then natural_max
    else {{ value }}
end
{%- endmacro %}

{#- Of a ratio at an end of its scale, where nobody was seen anywhere else and the variance is 0: Wilson's bound of the share
    of those who are elsewhere, z²/(n + z²), n by Kish (1965, Survey Sampling, 11.7) for their weights, every one of them
    imagined at the other end. Null where the scale has no other end. -#}
{% macro end_of_scale_bound(end, other) -%}
{%- set z = z95() -%}
{{ end }} + ({{ other }} - {{ end }}) * {{ z }} * {{ z }} / (sum_x * sum_x / sum_xx + {{ z }} * {{ z }})
{%- endmacro %}

{#- Wilson's score bound of a proportion p of n, not cut off. -#}
{% macro score_bound(p, n, sign) -%}
{%- set z = z95() -%}
(({{ p }} + {{ z }} * {{ z }} / (2 * {{ n }})
    {{ sign }} {{ z }} * sqrt({{ p }} * (1 - {{ p }}) / {{ n }} + {{ z }} * {{ z }} / (4 * {{ n }} * {{ n }})))
    / (1 + {{ z }} * {{ z }} / {{ n }}))
{%- endmacro %}

{#- Difference of two independent proportions p1 of n1 and p2 of n2 (columns): Newcombe (1998), method 10. -#}
{% macro newcombe_bound(sign) -%}
{%- set other = '+' if sign == '-' else '-' -%}
(p1 - p2 {{ sign }} sqrt(
    power(p1 - {{ score_bound('p1', 'n1', sign) }}, 2) + power({{ score_bound('p2', 'n2', other) }} - p2, 2)
))
{%- endmacro %}
