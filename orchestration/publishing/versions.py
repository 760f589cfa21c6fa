"""The shelf of versions: how they are named, which one is served, which ones go."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.errors import PublishingError
from orchestration.folders import DataFolder
from orchestration.publishing import durable

CURRENT = "current"
MANIFEST = "manifest.json"
PROFILES = "profiles"
HANDBOOK = "handbook"
_NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class PublishedVersion:
    """One immutable version: where it lies, and what its manifest says first."""

    name: str
    path: Path
    as_of: datetime
    created_at: datetime
    digest: str
    demo: bool
    rows: dict[str, int]


def version_name(shelf: Path, created_at: datetime, digest: str) -> tuple[str, datetime]:
    """A name that sorts by time and is not taken yet, with the time it carries (moved on by microseconds if need be)."""
    while True:
        name = f"{created_at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{digest[:8]}"
        if not (shelf / name).exists():
            return name, created_at
        created_at += timedelta(microseconds=1)


def version_names(shelf: Path) -> list[str]:
    """Names of the versions on the shelf, oldest first."""
    return sorted(path.name for path in shelf.iterdir() if _NAME.fullmatch(path.name)) if shelf.exists() else []


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in `folder`; raises PublishingError where it is missing or no JSON object."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PublishingError(f"{path}: missing; publish again with: loyalty run") from None
    except (OSError, ValueError) as problem:
        raise PublishingError(f"{path}: not readable: {problem}; publish again with: loyalty run") from problem
    if not isinstance(content, dict):
        raise PublishingError(f"{path}: not a manifest; publish again with: loyalty run")
    return content


def current_name(shelf: Path) -> str | None:
    """The version that `current` points at, whether it is whole or not; None where nothing was published yet."""
    link = shelf / CURRENT
    if link.is_symlink():
        return link.readlink().name
    if link.exists():
        raise PublishingError(f"{link}: must be a symlink to a version; move it away and run: loyalty run")
    return None


def current_version(folder: DataFolder) -> PublishedVersion | None:
    """The version that is served; None where nothing was published yet.

    Raises PublishingError where `current` points at something that is no longer a version.
    """
    name = current_name(folder.published)
    if name is None:
        return None
    path = folder.published / name
    manifest = read_manifest(path)
    try:
        return PublishedVersion(
            name=name,
            path=path,
            as_of=datetime.fromisoformat(manifest["as_of"]),
            created_at=datetime.fromisoformat(manifest["created_at"]),
            digest=manifest["digest"],
            demo=manifest["demo"],
            rows={table: facts["rows"] for table, facts in manifest["tables"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise PublishingError(f"{path / MANIFEST}: not a whole manifest; publish again with: loyalty run") from problem


def drop_old_profiles(shelf: Path) -> list[str]:
    """Remove the persons' tables of every version but the one served, so that erasing a person stays possible."""
    served = current_name(shelf)
    old = [name for name in version_names(shelf) if name != served and (shelf / name / PROFILES).exists()]
    for name in old:
        durable.remove(shelf / name / PROFILES, shelf)
    return old


def drop_old_versions(shelf: Path, keep: int) -> list[str]:
    """Remove all but the `keep` newest versions; the one served stays, however old. Returns the names removed."""
    served = current_name(shelf)
    old = [name for name in version_names(shelf)[:-keep] if name != served]
    for name in old:
        durable.remove(shelf / name, shelf)
    return old
