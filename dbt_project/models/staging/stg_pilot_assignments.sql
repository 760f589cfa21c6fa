{{ staged('pilot_assignments') }}
