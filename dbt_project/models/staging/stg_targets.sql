-- What HR and the heads of department agreed on, per KPI. Grain: one row per org_unit_id, kpi_id, period_start,
-- agreed_at.
{{ staged('targets') }}
