-- What the loyalty programme offers. Grain: one row per benefit_id.
{{ staged('benefits') }}
