-- Experiments planned before they start. Grain: one row per pilot_id.
{{ staged('pilots') }}
