"""Great Expectations judges the profiles. Imported late: loading it costs 6 CPU seconds, once per process."""

import functools
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import duckdb

from orchestration.landing.contract import Contract
from orchestration.quality.dataset_profiles import dataset_profile
from orchestration.quality.delivery_profiles import delivery_profile
from orchestration.quality.kpi_profiles import kpi_profile
from orchestration.quality.profiles import Profile
from orchestration.quality.scorecard_profiles import department_profile, scorecard_profile, target_profile
from orchestration.quality.suites import SUITES, Check
from orchestration.quality.verdicts import Finding, Outcome, Verdict
from orchestration.settings import Settings

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult


def judge_deliveries(connection: duckdb.DuckDBPyConnection, settings: Settings, contract: Contract) -> Verdict:
    """Are the deliveries, and what staging made of them, fit to use? Reads schemas raw and config and main.stg_*."""
    return judge("deliveries", [delivery_profile(connection, settings), dataset_profile(connection, contract)])


def judge_numbers(connection: duckdb.DuckDBPyConnection) -> Verdict:
    """Are the numbers in the warehouse fit to publish? Reads the tables to be published and the targets in force."""
    profiles = (kpi_profile, scorecard_profile, department_profile, target_profile)
    return judge("numbers", [profile(connection) for profile in profiles])


def judge(gate: str, profiles: Iterable[Profile]) -> Verdict:
    """Hold every profile of a gate against its suite.

    Raises:
        ValueError: the profiles are not those that the gate's suites are about.
    """
    suites = SUITES[gate]
    by_subject = {profile.subject: profile for profile in profiles}
    if set(by_subject) != set(suites):
        raise ValueError(f"gate {gate} judges {sorted(suites)}, got profiles of {sorted(by_subject)}")
    outcomes: list[Outcome] = []
    validations = {}
    for subject, checks in suites.items():
        validations[subject] = validation = _validate(by_subject[subject], checks)
        results = {_check_name(one): one for one in validation.results}
        outcomes.extend(_outcome(by_subject[subject], check, results[check.name]) for check in checks)
    return Verdict(gate, tuple(outcomes), validations)


@functools.cache
def _data_source() -> Any:
    """A source of data frames in an ephemeral context; nothing is written, nothing is sent."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context.data_sources.add_pandas("profiles")


def _validate(profile: Profile, checks: Iterable[Check]) -> "ExpectationSuiteValidationResult":
    """All checks in one batch: validating expectations one by one costs 2 seconds each."""
    source = _data_source()
    import great_expectations as gx

    suite = gx.ExpectationSuite(name=profile.subject)
    for check in checks:
        expectation = getattr(gx.expectations, check.expectation)
        suite.add_expectation(
            expectation(
                column=check.measure,
                meta={"check": check.name},
                description=f"{'Blocks' if check.severity == 'block' else 'Warns'} where: {check.meaning} {check.remedy}",
                **check.arguments,
            )
        )
    asset = source.add_dataframe_asset(profile.subject)
    try:
        batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": profile.frame})
        return batch.validate(
            suite, result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["item"]}
        )
    finally:
        source.delete_asset(profile.subject)


def _check_name(result: "ExpectationValidationResult") -> str:
    assert result.expectation_config is not None, "each result says what was expected"
    return (result.expectation_config.meta or {})["check"]


def _outcome(profile: Profile, check: Check, result: "ExpectationValidationResult") -> Outcome:
    items = len(profile.frame)
    if result.success:
        return Outcome(profile.subject, check, items, 0, ())
    failed = [row["item"] for row in result.result.get("unexpected_index_list") or []]
    if not failed:
        # Not a fault of the data: the expectation itself could not be worked out, and silence would be a pass.
        finding = Finding(f"profile of {profile.subject}", f"{check.measure} could not be judged: {_problem(result)}")
        return Outcome(profile.subject, check, items, max(items, 1), (finding,))
    return Outcome(profile.subject, check, items, len(failed), tuple(_findings(profile, check.measure, failed)))


def _findings(profile: Profile, measure: str, failed: list[str]) -> Iterable[Finding]:
    """The evidence of each failed item, or the item's name and figure where there is none."""
    evidence = profile.evidence[profile.evidence["measure"] == measure]
    for row in profile.frame[profile.frame["item"].isin(failed)].to_dict("records"):
        places = evidence[evidence["item"] == row["item"]]
        if places.empty:
            yield Finding(row["place"], "" if row[measure] == 1 else f"{measure} {row[measure]:g}")
            continue
        yield from (
            Finding(place, figure or "") for place, figure in zip(places["place"], places["figure"], strict=True)
        )
        more = row[measure] - len(places)
        if more > 0:
            yield Finding(row["place"], f"and {more:,.0f} more")


def _problem(result: "ExpectationValidationResult") -> str:
    """First line of whatever Great Expectations raised."""
    info = result.exception_info or {}
    causes = [info] if "exception_message" in info else list(info.values())
    messages = [str(cause["exception_message"]) for cause in causes if cause.get("exception_message")]
    return messages[0].splitlines()[0] if messages else "no reason given"
