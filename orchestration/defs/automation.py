"""When the main job runs: every night, and soon after a delivery lands."""

import hashlib
from pathlib import Path

import dagster as dg

from orchestration.defs.alerting import tell_failure
from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.settings import Settings, load_settings

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    hooks={tell_failure},
    description="From landing to a published version; what the schedule, the sensor and `loyalty run` execute.",
)


def settings_or_defaults() -> Settings:
    """The company's settings; a broken company.yml must not stop Dagster from starting: the run itself will say it."""
    try:
        return load_settings(DataFolder.from_environment().company_yml)
    except ConfigurationError:
        return Settings()


def nightly() -> dg.ScheduleDefinition:
    """Every night at three in the company's time zone, on by default."""
    return dg.ScheduleDefinition(
        name="nightly",
        job=refresh,
        cron_schedule="0 3 * * *",
        execution_timezone=settings_or_defaults().timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every night at 03:00 company time.",
    )


def fingerprint(landing: Path) -> str:
    """Changes when a file in landing appears, goes or changes; from names, sizes and times, not contents."""
    seen = hashlib.sha256()
    for path in sorted(landing.rglob("*")):
        if path.is_file() and not path.name.startswith(".") and path.suffix not in (".part", ".tmp"):
            facts = path.stat()
            seen.update(f"{path.relative_to(landing)}|{facts.st_size}|{facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()


@dg.sensor(
    job=refresh,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs the main job once landing has changed and then stood still for a tick (a minute).",
)
def landing_changed(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    # The cursor holds what was seen at the last tick and what the last run was asked for: a change is acted on only
    # when the next tick finds it unchanged, so that a copy in progress does not start a run per file.
    seen_before, _, ran_for = (context.cursor or "|").partition("|")
    now = fingerprint(DataFolder.from_environment().landing)
    nothing_yet = now == hashlib.sha256().hexdigest()
    if nothing_yet or now == ran_for or now != seen_before:
        return dg.SensorResult(
            skip_reason=dg.SkipReason("nothing new has settled in landing"), cursor=f"{now}|{ran_for}"
        )
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=now)], cursor=f"{now}|{now}")
