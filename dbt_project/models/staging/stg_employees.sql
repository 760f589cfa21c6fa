-- Who works where over time. Grain: one row per employee_id, valid_from.
{{ staged('employees') }}
