-- Anonymous answers of employees; the only home of eNPS. Grain: one row per response_id.
{{ staged('employee_survey') }}
