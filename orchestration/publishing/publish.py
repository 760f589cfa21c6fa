"""One publication: contract, draft, check, switch, tidy. Until the switch nothing a reader sees has changed."""

import errno
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import PublishingError
from orchestration.folders import DataFolder
from orchestration.handbook import write_handbook
from orchestration.publishing import durable, provenance
from orchestration.publishing.contract import PublishedTable, checked_against_contract, published_tables
from orchestration.publishing.digest import published_digest
from orchestration.publishing.verify import problems_of
from orchestration.publishing.versions import (
    CURRENT,
    HANDBOOK,
    PublishedVersion,
    current_name,
    current_version,
    drop_old_profiles,
    drop_old_versions,
    version_name,
)
from orchestration.publishing.write import copy_to_parquet, write_manifest, write_profiles, write_tables
from orchestration.settings import Settings


def publish(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    settings: Settings,
    manifest: Mapping[str, Any],
    as_of: datetime,
    run_id: str,
    say: Callable[[str], None] = lambda _: None,
) -> PublishedVersion:
    """Make the warehouse's published tables the version that everybody reads.

    The caller holds the writer lock. `manifest` is dbt's manifest.json; `as_of` is UTC where it carries no zone.

    Raises:
        PublishingError: a table breaks its contract, the disk is full, or what was written does not read back.
            The version served before stays served, unless the message says that the new one already is.
    """
    shelf = folder.published
    shelf.mkdir(parents=True, exist_ok=True)
    tables = checked_against_contract(connection, published_tables(manifest))
    for name in durable.sweep(shelf):
        say(f"removed {name}, left over by an interrupted run")
    drop_old_profiles(shelf)
    draft = durable.temporary_name(shelf)
    name = ""
    try:
        say(f"writing {len(tables)} tables")
        deliveries = provenance.deliveries(connection)
        about = {
            "as_of": _iso(as_of),
            "run_id": run_id,
            "deliveries": deliveries,
            "code": provenance.code(),
            "configuration": provenance.configuration(folder, settings),
            "identity_state": provenance.identity_state(connection),
            "decisions": provenance.decisions(connection),
            "lifetime_value_model": provenance.lifetime_value_model(connection),
            "demo": provenance.demo(folder, deliveries),
        }
        name = _write_draft(connection, tables, draft, about, manifest)
        durable.fsync_tree(draft)
        problems = problems_of(draft, with_profiles=True)
        if problems:
            raise PublishingError("what was written does not read back:\n  " + "\n  ".join(problems))
        durable.move(draft, shelf / name)
        durable.switch_link(shelf / CURRENT, name)
    except Exception as problem:
        shutil.rmtree(draft, ignore_errors=True)
        if name and name != current_name(shelf):
            shutil.rmtree(shelf / name, ignore_errors=True)
        raise _explained(problem, connection, tables, shelf) from problem
    _tidy(shelf, settings, name, say)
    version = current_version(folder)
    assert version is not None, "it was switched to above"
    say(f"{name} is served")
    return version


def _write_draft(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[PublishedTable],
    draft: Path,
    about: dict[str, Any],
    manifest: Mapping[str, Any],
) -> str:
    """Write all files of a version into `draft`; returns the name it is to have."""
    draft.mkdir()
    facts = write_tables(connection, [table for table in tables if not table.profile], draft)
    personal = [table for table in tables if table.profile]
    profiles = write_profiles(connection, personal, draft) if personal else []
    digest = published_digest({name: fact["digest"] for name, fact in facts.items() if fact["digest"]})
    name, created_at = version_name(draft.parent, datetime.now(UTC), digest)
    content = {"version": name, "created_at": _iso(created_at), "digest": digest, "tables": facts, "profiles": profiles}
    content["handbook"] = {path.name: durable.sha256_of(path) for path in write_handbook(manifest, draft / HANDBOOK)}
    write_manifest(draft, content | about)
    return name


def _tidy(shelf: Path, settings: Settings, name: str, say: Callable[[str], None]) -> None:
    try:
        drop_old_profiles(shelf)
        for old in drop_old_versions(shelf, settings.keep_versions):
            say(f"removed {old}: only the {settings.keep_versions} newest versions are kept")
    except OSError as problem:
        raise PublishingError(
            f"{name} is published and served, but an older version could not be tidied away: {problem}; "
            f"mend its permissions below {shelf}, the next run tries again"
        ) from problem


def _explained(
    problem: Exception, connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable], shelf: Path
) -> Exception:
    """The problem as a sentence for a person; what is no fault of disk or version is handed back as it is."""
    served = current_name(shelf)
    still = f"{served} stays served" if served else "nothing is served yet"
    if isinstance(problem, PublishingError):
        return PublishingError(f"{problem}\n{still}")
    if (isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT)) or (
        isinstance(problem, duckdb.Error) and "No space left on device" in str(problem)
    ):
        return PublishingError(f"{shelf}: {_shortage(connection, tables, shelf)}, then run again; {still}")
    if isinstance(problem, (OSError, duckdb.IOException)):
        return PublishingError(f"{shelf}: the new version could not be written: {problem}; {still}")
    return problem


def _shortage(connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable], shelf: Path) -> str:
    """How much the version needs, found by writing it to nowhere, against what is free."""
    free = shutil.disk_usage(shelf).free
    try:
        needed = sum(copy_to_parquet(connection, table, Path("/dev/null"))[1] for table in tables)
    except duckdb.Error:
        return f"the disk is full: {_mb(free)} are free and not even sorting fits; free at least as much as the warehouse takes"
    if needed <= free:
        return f"the disk was full or a quota reached: the version needs {_mb(needed)}, {_mb(free)} are free by now"
    return f"the disk is full: the version needs {_mb(needed)}, {_mb(free)} are free; free at least {_mb(needed - free)} more"


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _iso(moment: datetime) -> str:
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")
