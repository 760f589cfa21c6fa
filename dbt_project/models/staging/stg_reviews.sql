-- Loyalty reviews that were due and held. Grain: one row per review_id.
{{ staged('reviews') }}
