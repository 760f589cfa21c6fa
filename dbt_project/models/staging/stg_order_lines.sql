-- One row per line of an order. Grain: one row per source_system, order_id, line_no.
{{ staged('order_lines') }}
