-- Who was in which arm of a campaign. Grain: one row per action_id, source_system, source_customer_id.
{{ staged('campaign_exposures') }}
