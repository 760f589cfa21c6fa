{{ staged('loyalty_events') }}
