-- One row per customer record in a source system; one person has many. Grain: one row per source_system,
-- source_customer_id.
{{ staged('customers') }}
