{{ staged('business_actions') }}
