-- One row per return or refund of an order. Grain: one row per source_system, return_id.
{{ staged('returns') }}
