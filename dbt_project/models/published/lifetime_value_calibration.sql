-- Does the lifetime-value model foretell what it was not shown? Grain: one row per bin of earlier repeats.
select
    cast(repeats_from as bigint) as repeats_from,
    cast(repeats_to as bigint) as repeats_to,
    cast(customers as bigint) as customers,
    cast(expected as double) as expected,
    cast(actual as bigint) as actual
from {{ source('lifetime_value', 'calibration') }}
