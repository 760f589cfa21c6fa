{{ staged('campaign_exposures') }}
