-- What each survey question measures, and its scale. Grain: one row per question_code.
{{ staged('survey_questions') }}
