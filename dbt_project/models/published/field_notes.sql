-- Interviews and front-line feedback: the why beside the numbers. Grain: one row per note.
select note_id, noted_at, journey_stage, touchpoint, theme, text, customer_segment, author_role
from {{ ref('stg_field_notes') }}
