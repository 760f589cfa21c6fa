-- Trusted in each of four ways: more agree than disagree. Grain: one row per response that answered all four, of which a
-- cell keeps each customer's latest, and one per item.
{% set items = ['humanity', 'transparency', 'capability', 'reliability'] -%}
{%- set answers -%}
(
            select *, sign({{ above_middle() }}) as y
            from {{ ref('survey_answers') }}
            where measures = 'trust' and item in ('{{ items | join("', '") }}') and scale_min < scale_max
        ) as answers
{%- endset -%}
{{ battery(answers, items, 4, 1) }}
