-- One row per answered question of a questionnaire; without a customer it counts for the department only. Grain: one
-- row per source_system, response_id, question_code.
{{ staged('survey_responses') }}
