"""Suites become asset checks; nothing that can't be judged passes in silence."""

import dagster as dg
import duckdb
import pytest

from orchestration.quality.checks import asset_checks_for, check_results
from orchestration.quality.gates import judge
from orchestration.quality.profiles import profile_of_faults
from orchestration.quality.suites import SUITES

KEYS = {gate: {subject: dg.AssetKey(["gate", subject]) for subject in suites} for gate, suites in SUITES.items()}


@pytest.mark.parametrize("gate", sorted(SUITES))
def test_every_result_belongs_to_a_spec_and_blocks_as_the_suite_says(warehouse, gate):
    verdict = warehouse.deliveries_verdict() if gate == "deliveries" else warehouse.numbers_verdict()
    specs = {spec.key: spec for spec in asset_checks_for(gate, KEYS[gate])}
    results = list(check_results(verdict, KEYS[gate]))
    assert {(result.asset_key, result.check_name) for result in results} == {(key.asset_key, key.name) for key in specs}
    blocking = {spec.name for spec in specs.values() if spec.blocking}
    errors = {result.check_name for result in results if result.severity == dg.AssetCheckSeverity.ERROR}
    assert blocking == errors == {o.name for o in verdict.outcomes if o.check.severity == "block"}


def run_graph(warehouse):
    """An asset, the gate on it, and an asset downstream that stands for publishing."""
    published = []
    keys = {subject: dg.AssetKey("workshop") for subject in SUITES["numbers"]}

    @dg.asset(check_specs=asset_checks_for("numbers", keys))
    def workshop():
        yield dg.MaterializeResult(check_results=list(check_results(warehouse.numbers_verdict(), keys)))

    @dg.asset(deps=[workshop])
    def publication():
        published.append(True)

    result = dg.materialize([workshop, publication], raise_on_error=False)
    return result, published


def test_a_blocking_check_stops_what_is_downstream(warehouse):
    warehouse.sql("update kpi_values set value = 101, ci_high = 101 where kpi_id = 'nps' and org_unit_id = 's1'")
    result, published = run_graph(warehouse)
    assert not published
    (check,) = [e for e in result.get_asset_check_evaluations() if not e.passed]
    assert check.check_name == "kpi_values_value_out_of_bounds"
    assert {"where": "nps s1 2026-01", "what": "value 101.0"} in [r.data for r in check.metadata["findings"].records]


def test_clean_numbers_go_on(warehouse):
    result, published = run_graph(warehouse)
    assert result.success
    assert published == [True]


def clean_profiles(gate, without=()):
    connection = duckdb.connect()
    return [
        profile_of_faults(
            connection,
            subject,
            "select 'one' as item, 'one' as place",
            [],
            [check.measure for check in checks if check.measure not in without],
        )
        for subject, checks in SUITES[gate].items()
    ]


def test_a_measure_that_is_missing_from_the_profile_blocks():
    verdict = judge("numbers", clean_profiles("numbers", without={"weights_off"}))
    (outcome,) = verdict.blocking
    assert outcome.name == "targets_weights_off"
    assert "weights_off could not be judged" in verdict.text()


def test_a_missing_profile_is_refused():
    with pytest.raises(ValueError, match="gate numbers judges"):
        judge("numbers", clean_profiles("numbers")[1:])


def test_faults_of_an_undeclared_measure_are_refused(warehouse):
    fault = "select 'x' as item, 'typo' as measure, 'here' as place, '' as figure"
    with pytest.raises(ValueError, match=r"undeclared measures \['typo'\]"):
        profile_of_faults(warehouse.connection, "s", "select 'x' as item, 'x' as place", [fault], ["type"])


def test_faults_of_an_unknown_item_are_refused(warehouse):
    fault = "select 'y' as item, 'type' as measure, 'here' as place, '' as figure"
    with pytest.raises(ValueError, match=r"not in the profile: \['y'\]"):
        profile_of_faults(warehouse.connection, "s", "select 'x' as item, 'x' as place", [fault], ["type"])
