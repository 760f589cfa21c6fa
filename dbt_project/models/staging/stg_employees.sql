{{ staged('employees') }}
