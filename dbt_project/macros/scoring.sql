{#- Points for a value against its target: 0 below the threshold, 100 at the target, up to 120 at the stretch; for a
    band 100 inside the inner bounds, 0 outside the outer ones, which are the inner where nobody agreed on others.
    Columns: value, direction, threshold, target, stretch, band_low, band_high (all double). A lower-is-better KPI is the
    same with every sign turned. -#}
{% macro attainment() -%}
{%- set sign -%} (case when direction = 'lower' then -1.0 else 1.0 end) {%- endset -%}
{%- set v -%} ({{ sign }} * value) {%- endset -%}
{%- set t -%} ({{ sign }} * coalesce(threshold, target)) {%- endset -%}
{%- set g -%} ({{ sign }} * target) {%- endset -%}
{%- set s -%} ({{ sign }} * stretch) {%- endset -%}
case
    when direction = 'band' then
        case
            when value between band_low and band_high then 100.0
            when value <= coalesce(threshold, band_low) or value >= coalesce(stretch, band_high) then 0.0
            when value < band_low then 100.0 * (value - threshold) / (band_low - threshold)
            else 100.0 * (stretch - value) / (stretch - band_high)
        end
    when {{ v }} < {{ g }} then
        case
            when {{ v }} <= {{ t }} then 0.0
            else 100.0 * ({{ v }} - {{ t }}) / ({{ g }} - {{ t }})
        end
    when stretch is null or {{ s }} <= {{ g }} then 100.0
    else least(120.0, 100.0 + 20.0 * ({{ v }} - {{ g }}) / ({{ s }} - {{ g }}))
end
{%- endmacro %}

{#- Whether the interval lies wholly on one side of the target; without an interval the value decides. -#}
{% macro verdict() -%}
{%- set low -%} coalesce(ci_low, value) {%- endset -%}
{%- set high -%} coalesce(ci_high, value) {%- endset -%}
case
    when direction = 'band' then
        case
            when {{ low }} >= band_low and {{ high }} <= band_high then 'met'
            when {{ high }} < band_low or {{ low }} > band_high then 'missed'
            else 'uncertain'
        end
    when direction = 'lower' then
        case when {{ high }} <= target then 'met' when {{ low }} > target then 'missed' else 'uncertain' end
    else
        case when {{ low }} >= target then 'met' when {{ high }} < target then 'missed' else 'uncertain' end
end
{%- endmacro %}
