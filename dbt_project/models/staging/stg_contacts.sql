-- One row per contact with the company: calls, chats, visits to a desk. Grain: one row per source_system, contact_id.
{{ staged('contacts') }}
