{{ staged('employee_survey') }}
