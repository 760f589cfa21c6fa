"""What stands beside the sample company's values: durations, controls, a new definition, the lifetime-value model, findings."""

from datetime import date

import duckdb
from sample_company import MONTHS
from sample_depth import fill, insert

NEW_DEFINITION = date(2025, 2, 1)


def fill_beside(connection: duckdb.DuckDBPyConnection) -> None:
    """Everything of `sample_depth`, and this."""
    fill(connection)
    connection.execute(
        "update kpis set definition_version = 2, definition_since = $since where kpi_id = 'retention_rolling'",
        {"since": NEW_DEFINITION},
    )
    connection.execute("update kpis set duration_unit = 'hours' where kpi_id = 'csat_t2b'")
    cell = {"kpi_id": "csat_t2b", "slice_dimension": "all", "slice_value": "all"}
    for unit in ("acme", "cs", "sto"):
        for place, month in enumerate(MONTHS[:-1]):
            at = {**cell, "org_unit_id": unit, "period_kind": "month", "period_start": month}
            # in June so many of the stores' cases are open that the ninetieth percentile lies among them
            waits = None if unit == "sto" and month == date(2025, 6, 1) else 30.0 + place
            insert(connection, "kpi_details", [
                {**at, "measure": "median", "value": 4.0 + place}, {**at, "measure": "p90", "value": waits},
                {**at, "measure": "largest_share", "value": 0.25 if unit == "cs" else 0.02},
            ])  # fmt: skip
    june = {**cell, "org_unit_id": "acme", "period_kind": "month", "period_start": date(2025, 6, 1)}
    part = {**june, "slice_dimension": "channel", "slice_value": "store", "measure": "median", "value": 7.5}
    gap = {**june, "org_unit_id": "cs", "measure": "control_gap", "value": -3.26, "ci_low": -6.5, "ci_high": 0.1}
    insert(connection, "kpi_details", [part, gap])
    # e-commerce's satisfaction is scored outside campaigns: another cell than that of all trade
    scored = {"kpi_id": "csat_t2b", "org_unit_id": "ecm", "period_kind": "month", "period_start": date(2025, 6, 1)}
    connection.execute(
        "update scorecards set basis = 'outside_campaigns', value = 74.0, n = 150 where kpi_id = $kpi_id and org_unit_id = $org_unit_id "
        "and period_kind = $period_kind and period_start = $period_start",
        scored,
    )
    insert(connection, "kpi_values", [
        {**scored, "slice_dimension": "campaign", "slice_value": "outside", "n": 150, "numerator": 111.0, "denominator": 150.0, "value": 74.0, "status": "shown"},
    ])  # fmt: skip
    insert(connection, "lifetime_value_model", [
        {"status": "fitted", "parameters": "2025-04-01-abc", "fitted_before": date(2025, 4, 1), "basis": "margin", "r": 0.243, "alpha": 4.414, "a": 0.793,
         "b": 2.426, "log_likelihood": -9582.43, "p": 6.25, "q": 3.74, "gamma": 15.44, "margin_log_likelihood": -4055.92,
         "repeat_margin_correlation": 0.114, "holdout_days": 273, "holdout_expected": 1653.4, "holdout_actual": 1882,
         "expected_since_fit": 0.0, "actual_since_fit": 0, "annual_discount": 0.1},
    ])  # fmt: skip
    insert(connection, "lifetime_value_calibration", [
        {"repeats_from": 0, "repeats_to": 0, "customers": 200, "expected": 50.0, "actual": 60},
        {"repeats_from": 1, "repeats_to": 4, "customers": 40, "expected": 88.0, "actual": 90},
    ])  # fmt: skip
    insert(connection, "diagnoses", [
        {"org_unit_id": "sto", "period_kind": "quarter", "period_start": date(2025, 4, 1), "rule": "signal", "kpi_id": "csat_t2b", "subject": "all",
         "finding": "finding_signal", "severity": "act", "place": 1, "value": 71.0, "reference": 78.0, "ci_low": 72.0, "ci_high": 82.0, "n": 640},
    ])  # fmt: skip
