-- Who was in which arm of a pilot. Grain: one row per pilot_id, source_system, source_customer_id.
{{ staged('pilot_assignments') }}
