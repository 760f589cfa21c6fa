-- Which units a unit lay below, and when. Grain: one row per unit, unit above it (itself included) and interval of days.
select
    org_unit_id,
    ancestor_id as ancestor_org_unit_id,
    day_from,
    day_to
from {{ ref('unit_paths') }}
