-- Company, departments, stores and teams over time. Grain: one row per org_unit_id, valid_from.
{{ staged('org_units') }}
