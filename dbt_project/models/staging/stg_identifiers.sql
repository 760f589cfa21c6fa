{{ staged('identifiers') }}
