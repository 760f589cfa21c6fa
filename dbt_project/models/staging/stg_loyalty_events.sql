-- One row per event in the loyalty programme. Grain: one row per source_system, event_id.
{{ staged('loyalty_events') }}
