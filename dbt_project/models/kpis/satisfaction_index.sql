-- Satisfied overall, against what was expected and against the ideal (as the American Customer Satisfaction Index asks).
-- Grain: one row per response that answered all three, of which a cell keeps each customer's latest, and one per item.
{% set items = ['overall', 'vs_expectation', 'vs_ideal'] -%}
{%- set answers -%}
(
            select *, 0.5 * ({{ above_middle() }}) + 4.5 as y
            from {{ ref('survey_answers') }}
            where measures = 'satisfaction_index' and item in ('{{ items | join("', '") }}') and scale_min = 1 and scale_max = 10
        ) as answers
{%- endset -%}
{{ battery(answers, items, 27, 9) }}
