-- What customers feel they get less what it costs them, in money, time, thought and risk. Grain: one row per response that
-- answered all eight items, of which a cell keeps each customer's latest, and one per item, −3 to 3 and better when higher.
{% set benefits = ['functional', 'emotional', 'identity', 'learning'] -%}
{%- set costs = ['economic', 'time', 'mental', 'risk'] -%}
{%- set answers -%}
(
            select *, 0.5 * ({{ above_middle("measures = 'cost'") }}) as y
            from {{ ref('survey_answers') }}
            where
                (
                    (measures = 'benefit' and item in ('{{ benefits | join("', '") }}'))
                    or (measures = 'cost' and item in ('{{ costs | join("', '") }}'))
                )
                and scale_min = 1 and scale_max = 7
        ) as answers
{%- endset -%}
{{ battery(answers, benefits + costs, 4, 1) }}
