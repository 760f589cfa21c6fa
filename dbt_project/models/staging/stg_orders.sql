-- One row per order, of every channel. Grain: one row per source_system, order_id.
{{ staged('orders') }}
