{{ staged('benefits') }}
