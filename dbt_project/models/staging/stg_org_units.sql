{{ staged('org_units') }}
