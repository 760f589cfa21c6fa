"""dbt in this process: no child outlives its run, and one parse serves every step."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from orchestration.errors import LoyaltyError
from orchestration.folders import DBT_PROJECT, DataFolder
from orchestration.warehouse import connection_settings

MANIFEST = DBT_PROJECT / "target" / "manifest.json"
PARSED = DBT_PROJECT / "target" / "partial_parse.msgpack"
SOURCES = ("dbt_project.yml", "profiles.yml", "models/**/*", "macros/**/*", "seeds/**/*", "tests/**/*")


class DbtFailed(LoyaltyError):
    """dbt could not parse, build or test; the message names the nodes."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node: `status` is dbt's word (success, pass, error, fail, skipped, warn)."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    message: str
    seconds: float

    @property
    def ok(self) -> bool:
        return self.status in ("success", "pass", "warn")


def _prepare_environment() -> None:
    """dbt reads the data folder from the environment and imports functions.py by name."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ["LOYALTY_DATA"] = str(DataFolder.from_environment().root)
    settings = connection_settings()
    os.environ["LOYALTY_THREADS"] = settings["threads"]
    os.environ["LOYALTY_MEMORY_LIMIT"] = settings["memory_limit"]
    if str(DBT_PROJECT) not in sys.path:
        sys.path.insert(0, str(DBT_PROJECT))


def manifest_is_stale() -> bool:
    """True where no manifest lies there, or a file of the dbt project is newer than it."""
    if not (MANIFEST.exists() and PARSED.exists()):
        return True
    parsed_at = MANIFEST.stat().st_mtime
    return any(path.stat().st_mtime > parsed_at for pattern in SOURCES for path in DBT_PROJECT.glob(pattern))


def ensure_manifest() -> Path:
    """The manifest, parsed anew where the project changed since.

    Raises:
        DbtFailed: with dbt's own message, where the project does not parse.
    """
    if manifest_is_stale():
        # as a whole: what dbt keeps of an earlier parse can miss what an upgrade changed between two models
        _invoke(["parse", "--no-partial-parse"], manifest=None, target=DBT_PROJECT / "target")
        _load_manifest.cache_clear()
    return MANIFEST


@lru_cache(maxsize=1)
def _load_manifest(_parsed_at: float) -> Mapping[str, Any]:
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


def manifest() -> Mapping[str, Any]:
    """The parsed project as dbt writes it: nodes, sources with the landing contract, parents."""
    ensure_manifest()
    return _load_manifest(MANIFEST.stat().st_mtime)


def _invoke(arguments: list[str], manifest: Any, target: Path) -> Any:
    _prepare_environment()
    from dbt.cli.main import dbtRunner  # costs 2 s: only where dbt really runs

    common = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(target)]
    common += ["--log-path", str(target / "logs")]  # made even without a log: the checkout may be read-only
    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-print"]
    try:
        outcome = dbtRunner(manifest=manifest).invoke([*quiet, *arguments, *common])
    finally:
        _close_warehouse()
    if outcome.exception is not None:
        raise DbtFailed(f"dbt {arguments[0]}: {outcome.exception}") from outcome.exception
    return outcome.result


def run_project(project: Path) -> None:
    """Build a generated project of its own, which needs none of this one's files.

    Raises:
        DbtFailed: with dbt's own message.
    """
    _prepare_environment()
    from dbt.cli.main import dbtRunner

    quiet = ["--log-level", "none", "--log-level-file", "none", "--no-print"]
    try:
        outcome = dbtRunner().invoke([*quiet, "run", "--project-dir", str(project), "--profiles-dir", str(project)])
    finally:
        _close_warehouse()
    if not outcome.success:
        results = getattr(outcome.result, "results", [])
        said = outcome.exception or "; ".join(str(run.message) for run in results if run.message)
        raise DbtFailed(f"dbt run in {project}: {said}")


def _close_warehouse() -> None:
    """One connection serves a whole invocation and none outlives it: other steps open the file with other settings."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    if DuckDBConnectionManager._ENV is not None:
        DuckDBConnectionManager.env().close()
        DuckDBConnectionManager.close_all_connections()


@lru_cache(maxsize=1)
def _parsed(_parsed_at: int) -> Any:
    """The project as dbt works with it, read once for all invocations of this process."""
    from dbt.contracts.graph.manifest import Manifest

    parsed = Manifest.from_msgpack(PARSED.read_bytes())
    parsed.build_flat_graph()
    return parsed


def build(select: Iterable[str], target: Path, exclude: Sequence[str] = ()) -> list[NodeResult]:
    """Build and test the selected nodes in the warehouse that `LOYALTY_DATA` names.

    Args:
        select: dbt selectors, joined by union.
        target: folder for dbt's own artefacts; one per data folder, so that two companies never mix.
        exclude: dbt selectors of what is left out all the same.
    """
    ensure_manifest()
    # buildable: a test waits for the step that builds the last of its tables
    options = ["--indirect-selection", "buildable", "--exclude-resource-type", "unit_test", "--no-write-json"]
    options += ["--exclude", *exclude] if exclude else []
    result = _invoke(["build", "--select", *select, *options], _parsed(PARSED.stat().st_mtime_ns), target)
    return [
        NodeResult(
            unique_id=run.node.unique_id,
            name=run.node.name,
            resource_type=str(run.node.resource_type.value),
            status=str(run.status.value if hasattr(run.status, "value") else run.status),
            message=str(run.message or ""),
            seconds=float(run.execution_time),
        )
        for run in result.results
    ]
