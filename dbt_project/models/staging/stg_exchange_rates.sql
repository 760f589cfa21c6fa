-- Rates for orders in another currency; every other amount is in the company's. Grain: one row per currency,
-- valid_from.
{{ staged('exchange_rates') }}
