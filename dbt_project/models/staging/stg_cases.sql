-- One row per service case: complaint, request, return or suggestion. Grain: one row per source_system, case_id.
{{ staged('cases') }}
