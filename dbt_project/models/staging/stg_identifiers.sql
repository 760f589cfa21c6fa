-- Identifiers of a customer record over time: accounts, cards, phones, devices. Grain: one row per source_system,
-- source_customer_id, identifier_type, identifier_value.
{{ staged('identifiers') }}
