-- One row per invitation to a survey. Grain: one row per source_system, invitation_id.
{{ staged('survey_invitations') }}
