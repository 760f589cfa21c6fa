"""The suites as Dagster asset checks: what blocks is a blocking check, what warns isn't."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    MetadataValue,
    TableColumn,
    TableMetadataValue,
    TableRecord,
    TableSchema,
)

from orchestration.quality.suites import SUITES
from orchestration.quality.verdicts import Outcome, Verdict

LISTED = 50


def asset_checks_for(gate: str, asset_keys_by_subject: Mapping[str, AssetKey]) -> list[AssetCheckSpec]:
    """One spec per check of the gate, on the asset of its subject.

    `asset_keys_by_subject` names an asset for every subject of `SUITES[gate]`; two subjects may share one.
    """
    return [
        AssetCheckSpec(
            name=f"{subject}_{check.name}",
            asset=asset_keys_by_subject[subject],
            description=f"{check.meaning} {check.remedy}",
            blocking=check.severity == "block",
            metadata={"gate": gate},
        )
        for subject, checks in SUITES[gate].items()
        for check in checks
    ]


def check_results(
    verdict: Verdict, asset_keys_by_subject: Mapping[str, AssetKey], data_docs: Path | None = None
) -> Iterator[AssetCheckResult]:
    """A verdict as the results of `asset_checks_for` the same gate and assets, each with where Data Docs show it."""
    for outcome in verdict.outcomes:
        yield AssetCheckResult(
            passed=outcome.passed,
            asset_key=asset_keys_by_subject[outcome.subject],
            check_name=outcome.name,
            severity=AssetCheckSeverity.ERROR if outcome.check.severity == "block" else AssetCheckSeverity.WARN,
            description=None if outcome.passed else f"{outcome.check.meaning} {outcome.check.remedy}",
            metadata={
                "items": outcome.items,
                "failed_items": outcome.failed_items,
                "measure": outcome.check.measure,
                "meaning": outcome.check.meaning,
                "remedy": outcome.check.remedy,
                "gate": verdict.gate,
                **({"data_docs": MetadataValue.path(data_docs)} if data_docs else {}),
                **({} if outcome.passed else {"findings": _table(outcome)}),
            },
        )


def _table(outcome: Outcome) -> TableMetadataValue:
    return MetadataValue.table(
        [TableRecord({"where": finding.place, "what": finding.figure}) for finding in outcome.findings[:LISTED]],
        schema=TableSchema([TableColumn("where"), TableColumn("what")]),
    )
