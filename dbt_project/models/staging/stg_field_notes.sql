-- Interviews and front-line feedback: the why behind the numbers. Grain: one row per note_id.
{{ staged('field_notes') }}
