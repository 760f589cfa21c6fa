"""`loyalty run`: the same Dagster job that the schedule runs, in this process and in the same instance."""

import os
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.event_log import without_waiting
from orchestration.folders import DataFolder
from orchestration.unwritable import unwritable
from orchestration.warehouse import writer_lock

if TYPE_CHECKING:
    from dagster import DagsterInstance

# Progress goes to the terminal and into the run's own log: capturing the output of every step as well would cost two
# more processes a step.
DAGSTER_YAML = """\
telemetry:
  enabled: false
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


@dataclass(frozen=True)
class RunOutcome:
    """How a run ended: with `version` published, or with `problems`, each a text for a person."""

    succeeded: bool
    run_id: str
    version: str | None = None
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def prepare_dagster_home(folder: DataFolder) -> None:
    """Make DAGSTER_HOME, tell Dagster of it, and switch its telemetry off."""
    home = folder.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(DAGSTER_YAML, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["LOYALTY_DATA"] = str(folder.root)


def run_refresh(folder: DataFolder, as_of: str | None = None, back_fill: str | None = None) -> RunOutcome:
    """Run the job `refresh` on the company's folder.

    Args:
        as_of: ISO 8601; none means now.
        back_fill: a dataset, or a month as 2026-03, to load anew from the kept deliveries first.

    Raises:
        ConfigurationError: as_of, back_fill or company.yml is wrong, or a demo company's files lie or were taken in beside a company's own.
        Unwritable: the disk is full, or the folder may not be written.
    """
    from orchestration.defs.back_fill import job_of
    from orchestration.defs.company import parse_as_of
    from orchestration.landing.mixture import refuse_mixture
    from orchestration.settings import load_settings

    parse_as_of(as_of)
    job = job_of(back_fill)
    try:
        folder.create()
        load_settings(folder.company_yml)
        refuse_mixture(folder)
        prepare_dagster_home(folder)
        return _execute(folder, job, {"as_of": as_of, "back_fill": back_fill})
    except Exception as problem:
        from orchestration.defs.alerting import tell_before_the_job

        plain = unwritable(problem, folder)
        tell_before_the_job(plain or problem, folder)
        if plain is None:
            raise
        raise plain from problem


def _execute(folder: DataFolder, job: str, company: dict[str, str | None]) -> RunOutcome:
    import dagster as dg

    from orchestration.definitions import defs
    from orchestration.defs.alerting import tell_once

    with _instance(folder) as instance:
        result = defs.resolve_job_def(job).execute_in_process(
            instance=instance,
            partition_key=company["back_fill"] or None,
            run_config={
                "resources": {"company": {"config": {name: value for name, value in company.items() if value}}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            raise_on_error=False,
        )
        if not result.success:
            tell_once(instance, result.run_id)  # of what fails before a step, the job's hook knows nothing
    problems, warnings = [], []
    for event in result.get_asset_check_evaluations():
        if not event.passed:
            text = f"{event.asset_key.to_user_string()}: {event.check_name}: {event.description or 'failed'}"
            (problems if event.severity is dg.AssetCheckSeverity.ERROR else warnings).append(text)
    for event in result.all_events:
        if event.is_step_failure and _is_blocked_check(event.step_failure_data):
            continue  # the failed checks above say more
        if event.is_step_failure:
            problems.append(_cause(event.step_failure_data, event.step_key or ""))
        elif event.is_failure and event.is_job_event and not problems:
            problems.append(_cause(event.event_specific_data, "run"))
    version = None
    for event in result.all_events:
        if event.is_step_materialization and event.asset_key and event.asset_key.path[-1] == "published_version":
            version = str(event.step_materialization_data.materialization.metadata["version"].value)
    return RunOutcome(result.success, result.run_id, version, list(dict.fromkeys(problems)), warnings)


@contextmanager
def _instance(folder: DataFolder) -> Generator["DagsterInstance"]:
    """The company's Dagster instance. Its first opening makes its databases, which two runs must not do at once."""
    from dagster import DagsterInstance

    with ExitStack() as stack:
        stack.enter_context(without_waiting())
        with writer_lock(folder.dagster_home / ".lock", wait_minutes=1):
            instance = stack.enter_context(DagsterInstance.get())
            instance.get_runs_count()
            instance.event_log_storage.all_asset_keys()
        yield instance


def _is_blocked_check(failure: object) -> bool:
    error = getattr(failure, "error", None)
    return error is not None and error.cls_name == "DagsterAssetCheckFailedError"


def _cause(failure: object, step: str) -> str:
    """The error a person can act on: the innermost cause of a failed step, without the stack."""
    user_metadata = getattr(failure, "user_failure_data", None)
    if user_metadata is not None and user_metadata.description:
        return f"{step}: {user_metadata.description}"
    error = getattr(failure, "error", None)
    while error is not None and error.cause is not None:
        error = error.cause
    return f"{step}: {error.message.strip() if error else 'failed'}"
