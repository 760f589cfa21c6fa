{{ staged('survey_questions') }}
