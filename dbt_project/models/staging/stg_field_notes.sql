{{ staged('field_notes') }}
