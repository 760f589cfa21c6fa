"""Are the KPI values fit to publish? One row per KPI, every measure a number of faulty cells."""

import duckdb

from orchestration.quality.org_comparisons import CHILD_ABOVE_PARENT, PART_ABOVE_WHOLE
from orchestration.quality.profiles import PERIOD, Profile, profile_of_faults, repeated

# Published numbers are rounded to nine decimals.
TOLERANCE = 1e-9
CELL = f"""concat_ws(
    ' ', v.kpi_id, v.org_unit_id, {PERIOD.format(t="v")},
    case when v.slice_dimension <> 'all' then v.slice_dimension || ' ' || v.slice_value end
)"""


def _cells(measure: str, condition: str, figure: str) -> str:
    """The KPI cells for which a condition on the value `v` and its catalogue entry `k` holds, as faults."""
    return f"""
        select v.kpi_id as item, '{measure}' as measure, {CELL} as place, {figure} as figure
        from main.kpi_values as v
        left join (
            select
                *,
                case
                    when "interval" = 'adj_wald' then -scale
                    when "interval" in ('wilson', 'poisson') then scale * "offset"
                end as natural_low,
                case
                    when "interval" = 'adj_wald' then scale
                    when "interval" = 'wilson' then scale * (1 + "offset")
                end as natural_high
            from main.kpis
        ) as k on v.kpi_id = k.kpi_id
        where {condition}
    """


KPI_FAULTS = {
    "unknown_kpi": _cells("unknown_kpi", "k.kpi_id is null", "'not in the catalogue'"),
    "value_out_of_bounds": _cells(
        "value_out_of_bounds",
        f"v.value < k.natural_low - {TOLERANCE} or v.value > k.natural_high + {TOLERANCE}",
        "'value ' || v.value",
    ),
    "outside_interval": _cells(
        "outside_interval",
        f"v.ci_low > v.value + {TOLERANCE} or v.value > v.ci_high + {TOLERANCE} or v.ci_low > v.ci_high "
        "or (v.ci_low is null) <> (v.ci_high is null)",
        "concat_ws(' ', v.ci_low, '…', v.ci_high, 'around', v.value)",
    ),
    "not_finite": _cells(
        "not_finite",
        " or ".join(
            f"not isfinite(v.{c})" for c in ("value", "ci_low", "ci_high", "numerator", "denominator", "weak_share")
        ),
        "'value ' || v.value",
    ),
    "negative_n": _cells("negative_n", "v.n < 0", "'n ' || v.n"),
    "weak_share_out_of_bounds": _cells(
        "weak_share_out_of_bounds", "v.weak_share not between 0 and 1", "'weak_share ' || v.weak_share"
    ),
    "unknown_status": _cells(
        "unknown_status",
        "v.status is null or v.status not in ('shown', 'provisional', 'hidden')",
        "'status ' || v.status",
    ),
    "below_floor": _cells("below_floor", "v.n < k.shown_floor", "'n ' || v.n || ', the floor is ' || k.shown_floor"),
    "hidden_but_there": _cells(
        "hidden_but_there",
        "v.status = 'hidden' and coalesce(v.n, v.numerator, v.denominator, v.value, v.ci_low, v.ci_high) is not null",
        "'hidden, with a number'",
    ),
    "shown_but_empty": _cells(
        "shown_but_empty",
        "v.status <> 'hidden' and (v.n is null or v.value is null)",
        "v.status || ', without a number'",
    ),
    "child_above_parent": CHILD_ABOVE_PARENT.format(place=CELL),
    "part_above_whole": PART_ABOVE_WHOLE.format(place=CELL),
}


def kpi_profile(connection: duckdb.DuckDBPyConnection) -> Profile:
    """Profile of `main.kpi_values`; the item is the KPI, every measure a number of cells."""
    cell_key = "v.kpi_id, v.org_unit_id, v.period_kind, v.period_start, v.slice_dimension, v.slice_value"
    faults = {"duplicate_keys": repeated("kpi_values", cell_key, "v.kpi_id", CELL), **KPI_FAULTS}
    items = """
        select distinct kpi_id as item, kpi_id as place
        from (select kpi_id from main.kpis union all select kpi_id from main.kpi_values)
    """
    return profile_of_faults(connection, "kpi_values", items, faults.values(), tuple(faults))
