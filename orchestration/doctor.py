"""What keeps the product from running here: each check says what it found and what mends it."""

import fcntl
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from orchestration.alerts import message
from orchestration.alerts.channels import missing_variables
from orchestration.alerts.deliver import deliver
from orchestration.alerts.settings import alert_settings
from orchestration.errors import ConfigurationError, LoyaltyError, PublishingError
from orchestration.folders import REPOSITORY, DataFolder
from orchestration.publishing.verify import changed_files
from orchestration.publishing.versions import current_version
from orchestration.settings import load_settings

MINIMUM_FREE_MB = 500
SUPPORTED = ((3, 11), (3, 14))


@dataclass(frozen=True)
class Finding:
    """One check's outcome; `message` names the remedy where it is not ok."""

    check: str
    ok: bool
    message: str


def examine(folder: DataFolder) -> list[Finding]:
    """Run every check; never raises."""
    checks: list[Callable[[DataFolder], Finding]] = [
        python_version,
        locked_dependencies,
        company_settings,
        landing_writable,
        writer_lock_free,
        published_in_time,
        published_unchanged,
        alerts_ready,
        dbt_manifest,
        free_disk,
    ]
    return [outcome(check, folder) for check in checks]


def outcome(check: Callable[[DataFolder], Finding], folder: DataFolder) -> Finding:
    """What a check found; that it could not be made is a finding too, and keeps no other from being made."""
    try:
        return check(folder)
    except Exception as problem:
        # as in alerts: the text of an error that nobody foresaw may hold what must not leave the house
        told = str(problem) if isinstance(problem, LoyaltyError | OSError) else type(problem).__name__
        name = getattr(check, "__name__", "check").replace("_", " ")
        return Finding(name, False, f"could not be looked at: {told}; mend what it names, then again: loyalty doctor")


def python_version(_: DataFolder) -> Finding:
    lowest, below = SUPPORTED
    ok = lowest <= sys.version_info[:2] < below
    found = ".".join(map(str, sys.version_info[:3]))
    wanted = f"{lowest[0]}.{lowest[1]} to {below[0]}.{below[1] - 1}"
    return Finding("python", ok, found if ok else f"{found} is not supported; make .venv anew with Python {wanted}")


def _locked() -> Iterator[tuple[str, str]]:
    from packaging.requirements import Requirement

    for line in (REPOSITORY / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip(" \\"))
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement.name, next(iter(requirement.specifier)).version


def locked_dependencies(_: DataFolder) -> Finding:
    drifted = []
    for name, version in _locked():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            installed = "nothing"
        if installed != version:
            drifted.append(f"{name} {installed} instead of {version}")
    remedy = "; install what requirements.lock says: rm -r .venv && make run"
    return Finding("lock", not drifted, ", ".join(drifted[:5]) + remedy if drifted else "as requirements.lock says")


def company_settings(folder: DataFolder) -> Finding:
    try:
        load_settings(folder.company_yml)
    except ConfigurationError as problem:
        return Finding("company.yml", False, str(problem))
    found = folder.company_yml if folder.company_yml.exists() else "none: every setting has its default"
    return Finding("company.yml", True, str(found))


def landing_writable(folder: DataFolder) -> Finding:
    place = folder.landing
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        return Finding("landing", False, f"{place} is a file where a folder belongs; move it away")
    probe = place / f".doctor-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as problem:
        return Finding("landing", False, f"{place} can't be written ({problem.strerror}); give this user write access")
    return Finding("landing", True, f"{place} can be written")


def writer_lock_free(folder: DataFolder) -> Finding:
    if not folder.lock.exists():
        return Finding("lock file", True, "nobody holds the warehouse")
    with folder.lock.open("r+", encoding="utf-8") as handle:
        note = handle.read().strip()
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Finding("lock file", False, f"a run holds the warehouse: {note}; wait for it, or end that process")
        if note:
            holder = json.loads(note).get("process") if note.startswith("{") else "?"
            return Finding(
                "lock file",
                False,
                f"stale: process {holder} died while it held {folder.lock}; the next 'loyalty run' takes it over and "
                "finishes its work",
            )
    return Finding("lock file", True, "nobody holds the warehouse")


def published_in_time(folder: DataFolder) -> Finding:
    """What tells of a run that died without a word, or that nobody started."""
    try:
        version = current_version(folder)
    except PublishingError as problem:
        return Finding("published", False, str(problem))
    if version is None:
        return Finding("published", True, "nothing yet; loyalty run publishes")
    settings = alert_settings(folder.company_yml)
    hours = (datetime.now(UTC) - version.created_at).total_seconds() / 3600
    if hours <= settings.published_within_hours:
        return Finding("published", True, f"{hours:.1f} hours ago")
    return Finding(
        "published",
        False,
        f"{hours:.1f} hours ago, expected within {settings.published_within_hours:g} (published_within_hours): see "
        "whether the night's run was started and how it ended (loyalty dev), then: loyalty run",
    )


def published_unchanged(folder: DataFolder) -> Finding:
    """Pages and exports refuse a version with a changed file: nobody should learn it from them."""
    try:
        version = current_version(folder)
        changed = changed_files(version.path) if version else []
    except PublishingError:
        return Finding("served files", True, "not looked at: published says why")  # said once is enough
    if version is None:
        return Finding("served files", True, "nothing is published yet")
    if changed:
        return Finding(
            "served files",
            False,
            f"changed, damaged or lost since they were published: {', '.join(map(str, changed))}; pages and exports refuse "
            "them. Publish again with: loyalty run",
        )
    return Finding("served files", True, f"as published: {version.name}")


def alerts_ready(folder: DataFolder) -> Finding:
    channels = alert_settings(folder.company_yml).alerts
    missing = [f"{name} ({channel.kind})" for channel in channels for name in missing_variables(channel)]
    if missing:
        return Finding("alerts", False, f"not set in this environment: {', '.join(missing)}; no alert gets through")
    if not channels:
        return Finding("alerts", True, "nobody is told of a failed run; name channels under alerts in company.yml")
    return Finding("alerts", True, f"{', '.join(c.kind for c in channels)}; try: loyalty doctor --send-test-alert")


def dbt_manifest(_: DataFolder) -> Finding:
    from orchestration import dbt

    if not dbt.MANIFEST.exists():
        return Finding("dbt manifest", False, f"{dbt.MANIFEST} is missing; it is made by: loyalty run")
    if dbt.manifest_is_stale():
        return Finding("dbt manifest", False, "older than the dbt project; it is renewed by: loyalty run")
    return Finding("dbt manifest", True, "up to date")


def free_disk(folder: DataFolder) -> Finding:
    place: Path = folder.root
    while not place.exists():
        place = place.parent
    free_mb = shutil.disk_usage(place).free // 1_000_000
    ok = free_mb >= MINIMUM_FREE_MB
    remedy = "" if ok else f"; a run needs {MINIMUM_FREE_MB} MB: free some, or lower keep_versions in company.yml"
    return Finding("disk", ok, f"{free_mb} MB free in {place}{remedy}")


def send_test(folder: DataFolder, say: Callable[[str], None]) -> bool:
    """Send a test message to every channel; true where each took it.

    Raises:
        ConfigurationError: company.yml is wrong, or names no channel.
    """
    settings = load_settings(folder.company_yml)
    if not settings.alerts:
        raise ConfigurationError(
            f"{folder.company_yml} names no channel under alerts; loyalty templates explains the key"
        )
    told = message.test_message(settings.name, settings.language)
    return all(deliver(settings.alerts, told.title, told.text, say))


def send_findings(folder: DataFolder, findings: list[Finding], say: Callable[[str], None]) -> None:
    """Alert of what is not ok; of nothing where all is."""
    settings = alert_settings(folder.company_yml)
    problems = [message.Problem(f.check, f.message) for f in findings if not f.ok]
    if problems and settings.alerts:
        told = message.overdue(
            settings.name, settings.language, problems, host=socket.gethostname(), folder=str(folder.root)
        )
        deliver(settings.alerts, told.title, told.text, say)
