"""The two gates of a run as blocking asset checks: data fit to use, numbers fit to publish."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg

from orchestration import dbt
from orchestration.defs.company import Company, say
from orchestration.defs.retries import passing_faults_retried
from orchestration.errors import PublishingError
from orchestration.landing.contract import load_contract
from orchestration.quality import data_docs
from orchestration.quality.checks import asset_checks_for, check_results
from orchestration.quality.gates import judge_deliveries, judge_numbers
from orchestration.quality.verdicts import Verdict
from orchestration.warehouse import connect

# A blocking check holds up what is downstream of its asset: identity_records is the first table that reads all of
# staging, and every later one needs it.
DELIVERIES = {"deliveries": dg.AssetKey(["raw", "deliveries"]), "datasets": dg.AssetKey("identity_records")}
NUMBERS = {
    "kpi_values": dg.AssetKey("kpi_values"),
    "scorecards": dg.AssetKey("scorecards"),
    "department_scores": dg.AssetKey("department_scores"),
    "targets": dg.AssetKey("scorecards"),  # a fact would hold up the very numbers that the gate judges
}


def refuse_unjudged(context: dg.AssetExecutionContext) -> None:
    """Asked before publishing: whoever materialises a part of the graph may have left the gates, or half of one, out.

    Raises:
        PublishingError: a blocking check of a gate did not pass in this very run; an earlier run judged other rows.
    """
    passed = {}
    for entry in context.instance.all_logs(context.run.run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        evaluation = entry.get_dagster_event().asset_check_evaluation_data
        passed[evaluation.asset_check_key] = evaluation.passed  # of a gate that was tried again, the last word counts
    specs = (*asset_checks_for("deliveries", DELIVERIES), *asset_checks_for("numbers", NUMBERS))
    refused = [spec.name for spec in specs if spec.blocking and not passed.get(spec.key)]
    if refused:
        raise PublishingError(
            f"not published: {len(refused)} checks of the gates did not pass in this run, or were not part of it: "
            f"{', '.join(refused[:3])}{' …' if len(refused) > 3 else ''}; run the whole job: loyalty run, or in Dagster 'refresh'"
        )


def _results(
    verdict: Verdict, assets: Mapping[str, dg.AssetKey], company: Company, context: dg.AssetCheckExecutionContext
) -> Iterator[dg.AssetCheckResult]:
    """Those results that were asked for: whoever materialises a part of the graph asks for the checks of that part."""
    say(verdict.text())
    asked_for = {(key.asset_key, key.name) for key in context.selected_asset_check_keys}
    for result in check_results(verdict, assets, _data_docs(verdict, company, context.run.run_id)):
        if (result.asset_key, result.check_name) in asked_for:
            yield result


def _data_docs(verdict: Verdict, company: Company, run: str) -> Path | None:
    """Pages for a person never decide over a run: what keeps them from being built is said, and the gate's word stands."""
    try:
        page = data_docs.build(company.folder.quality, verdict, run)
    except Exception as problem:
        say(f"Data Docs of gate {verdict.gate} could not be built: {type(problem).__name__}: {problem}")
        return None
    if verdict.gate == "numbers" or not verdict.passed:
        say(f"Data Docs: {page}")
    return page


@dg.multi_asset_check(specs=asset_checks_for("deliveries", DELIVERIES), name="gate_deliveries", can_subset=True)
def gate_deliveries(context: dg.AssetCheckExecutionContext, company: Company) -> Iterator[dg.AssetCheckResult]:
    """Are the deliveries, and what staging made of them, fit to use?"""
    with passing_faults_retried(), connect(company.folder.database) as warehouse:
        verdict = judge_deliveries(warehouse, company.settings, load_contract(dbt.MANIFEST))
    yield from _results(verdict, DELIVERIES, company, context)


@dg.multi_asset_check(specs=asset_checks_for("numbers", NUMBERS), name="gate_numbers", can_subset=True)
def gate_numbers(context: dg.AssetCheckExecutionContext, company: Company) -> Iterator[dg.AssetCheckResult]:
    """Are the numbers fit to publish?"""
    with passing_faults_retried(), connect(company.folder.database) as warehouse:
        verdict = judge_numbers(warehouse)
    yield from _results(verdict, NUMBERS, company, context)
