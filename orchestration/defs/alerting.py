"""A failed run is told once: by the hook of its jobs, by a sensor where the daemon runs, or by `loyalty run` itself."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg

from orchestration import errors
from orchestration.alerts.checks_zh import CHECKS_ZH
from orchestration.alerts.deliver import deliver
from orchestration.alerts.message import Language, Problem, failed_run
from orchestration.alerts.settings import alert_settings
from orchestration.defs.company import say
from orchestration.folders import DataFolder
from orchestration.settings import Settings

TOLD = "loyalty/alert"
Event = dg.DagsterEventType
# The texts of these never hold a cell of a file; of any other error only its kind leaves the house.
TELLABLE = ("IOException", "OutOfMemoryException")


@dg.failure_hook(name="tell_failure")
def tell_failure(context: dg.HookContext) -> None:
    """Needs no daemon, so that a run started by cron is told of as well."""
    tell_once(context.instance, context.run_id)


def tell_once(instance: dg.DagsterInstance, run_id: str) -> None:
    """Alert of a failed run, unless that was done; never raises, so that the run's own error stays the news."""
    try:
        run = instance.get_run_by_id(run_id)
        folder = DataFolder.from_environment()
        settings = alert_settings(folder.company_yml)
        if run is None or TOLD in run.tags or not settings.alerts:
            return
        # marked before it is sent: better one alert lost than one a step
        instance.add_run_tags(run_id, {TOLD: "told"})
        tell(settings, _what_failed(instance, run, settings.language), f"{run.job_name} {run_id}", folder)
    except Exception as problem:
        say(f"alert NOT delivered: unexpected {type(problem).__name__}")


def tell(settings: Settings, problems: list[Problem], run: str, folder: DataFolder) -> None:
    """Send the alert of a run that failed, for a reason that may lie before its job started."""
    link = folder.published / "current"
    alert = failed_run(
        settings.name,
        settings.language,
        problems,
        run=run,
        at=datetime.now(UTC).astimezone(settings.zone).isoformat(timespec="seconds"),
        host=socket.gethostname(),
        folder=str(folder.root),
        served=link.resolve().name if link.exists() else None,
    )
    deliver(settings.alerts, alert.title, alert.text, say)


def _what_failed(instance: dg.DagsterInstance, run: dg.DagsterRun, language: Language) -> list[Problem]:
    """What the log says; the job's name alone where it says nothing that is understood: a bare alert is better than none."""
    try:
        problems = list(problems_of(instance, run.run_id, language))
    except Exception as problem:
        say(f"the run's log was not understood: unexpected {type(problem).__name__}")
        problems = []
    return problems or [Problem(run.job_name)]


def problems_of(instance: dg.DagsterInstance, run_id: str, language: Language) -> Iterator[Problem]:
    """What the run's log says of its failure: checks with their places first, then steps, then the run as a whole."""
    wanted = {Event.ASSET_CHECK_EVALUATION, Event.STEP_FAILURE, Event.RUN_FAILURE}
    events = [entry.dagster_event for entry in instance.all_logs(run_id, of_type=wanted) if entry.dagster_event]
    for event in events:
        if event.event_type is Event.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR:
                yield _check(check, language)
    steps = [event for event in events if event.is_step_failure]
    for event in steps:
        error = event.step_failure_data.error
        if error is None or error.cls_name != "DagsterAssetCheckFailedError":
            yield _step(event, language)
    for event in events:
        if event.is_run_failure and not steps:
            # no data where others than the run's own process say that it failed
            error = getattr(event.event_specific_data, "error", None)
            yield Problem(event.job_name, _tellable(error) if error else event.message or "")


def _check(check: dg.AssetCheckEvaluation, language: Language) -> Problem:
    if "gate" not in check.metadata:
        return Problem(check.check_name, {"en": "a dbt test failed", "zh": "dbt 测试未通过"}[language])
    meaning, remedy = (str(check.metadata[part].value) for part in ("meaning", "remedy"))
    if language == "zh":
        meaning, remedy = CHECKS_ZH.get(check.check_name, (meaning, remedy))
    findings = check.metadata.get("findings")
    rows = [record.data for record in findings.records] if isinstance(findings, dg.TableMetadataValue) else []
    places = tuple(f"{row['where']}: {row['what']}" if row["what"] else str(row["where"]) for row in rows)
    return Problem(check.check_name, meaning, places, remedy)


def _step(event: dg.DagsterEvent, language: Language) -> Problem:
    data = event.step_failure_data
    failed = (data.user_failure_data.metadata if data.user_failure_data else {}).get("failed")
    if isinstance(failed, dg.JsonMetadataValue):
        return Problem(
            f"dbt ({event.step_key})",
            {"en": "could not be built, or failed a test", "zh": "未能构建，或测试未通过"}[language],
            tuple(map(str, failed.value or ())),
        )
    return Problem(event.step_key or event.job_name, _tellable(data.error))


def _tellable(error: Any) -> str:
    """The outermost cause that we worded, else the innermost: its text where it is ours or about files and memory, else its kind."""
    while error is not None and error.cause is not None and error.cls_name not in set(_names(errors.LoyaltyError)):
        error = error.cause
    name, message = (error.cls_name or "", error.message.strip()) if error is not None else ("", "")
    told = name in {*TELLABLE, *_names(errors.LoyaltyError), *_names(OSError)}
    return message.partition(f"{name}: ")[2] or message if told else name


def _names(kind: type[BaseException]) -> Iterator[str]:
    yield kind.__name__
    for narrower in kind.__subclasses__():
        yield from _names(narrower)


def tell_before_the_job(problem: BaseException, folder: DataFolder) -> None:
    """Alert of what kept a run from starting at all, as far as company.yml can be read; never raises."""
    try:
        settings = alert_settings(folder.company_yml)
        text = str(problem) if isinstance(problem, errors.LoyaltyError | OSError) else type(problem).__name__
        if settings.alerts:
            tell(settings, [Problem("loyalty run", text)], f"– (process {os.getpid()})", folder)
    except Exception as trouble:
        say(f"alert NOT delivered: unexpected {type(trouble).__name__}")


@dg.run_failure_sensor(
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Alerts of failed runs that no hook could tell of: those that could not start, or whose process was killed.",
)
def untold_failure(context: dg.RunFailureSensorContext) -> None:
    """Needs Dagster's daemon, as the runs do that it is for."""
    tell_once(context.instance, context.dagster_run.run_id)
