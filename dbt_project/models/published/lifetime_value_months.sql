-- The lifetime-value model that was in force at every month's end. Grain: one row per month with a value.
select
    cast(ends_on - interval 1 month as date) as period_start,
    ends_on,
    parameters,
    fitted_before,
    basis,
    r,
    alpha,
    a,
    b,
    p,
    q,
    gamma,
    expected_since_fit,
    actual_since_fit,
    one_time_share
from {{ source('lifetime_value', 'months') }}
