"""What keeps the product from running here: each check says what it found and what mends it."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from orchestration.errors import ConfigurationError
from orchestration.folders import REPOSITORY, DataFolder
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
    """Run every check; never raises for what it looks for."""
    checks: list[Callable[[DataFolder], Finding]] = [
        python_version,
        locked_dependencies,
        company_settings,
        landing_writable,
        writer_lock_free,
        dbt_manifest,
        free_disk,
    ]
    return [check(folder) for check in checks]


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
