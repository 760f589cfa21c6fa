-- What the company sells. Grain: one row per product_id.
{{ staged('products') }}
