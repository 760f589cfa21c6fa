-- What the company did that may move the numbers: prices, launches, campaigns. Grain: one row per action_id.
{{ staged('business_actions') }}
