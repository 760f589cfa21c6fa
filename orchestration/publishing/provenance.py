"""What made a version: deliveries, code, configuration and state, each by its hash, so that it can be made again."""

import hashlib
import platform
import subprocess
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb

from orchestration.folders import DBT_PROJECT, REPOSITORY, DataFolder
from orchestration.publishing.durable import sha256_of
from orchestration.settings import Settings

PACKAGE = "loyalty-scorecards"
_BUILT = {"target", "logs", "dbt_packages", "__pycache__"}


def deliveries(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Every delivery that this run had before it: dataset, content's SHA-256, path, and what became of it."""
    rows = connection.execute(
        "select dataset, delivery, path, status from raw.deliveries where status <> 'waiting' order by all"
    ).fetchall()
    return [dict(zip(("dataset", "sha256", "path", "status"), row, strict=True)) for row in rows]


def demo(folder: DataFolder, deliveries: Iterable[Mapping[str, str]]) -> bool:
    """Whether rows of a version are invented: landing is the demo company's, or any of the deliveries ever was."""
    from demo_company import invented

    return folder.demo_mark.exists() or not invented(folder.root).isdisjoint(one["sha256"] for one in deliveries)


def code() -> dict[str, Any]:
    """The code that ran: commit (null outside a checkout), package version, and a hash over the source files.

    The hash, not the commit, tells whether two versions came from the same code: a checkout may hold uncommitted edits.
    """
    try:
        git = subprocess.run(
            ["git", "-C", str(REPOSITORY), "rev-parse", "HEAD"], capture_output=True, text=True, check=True, timeout=10
        )
        commit = git.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        commit = None
    try:
        version = metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        version = None
    return {
        "commit": commit,
        "package_version": version,
        "sha256": source_hash(DBT_PROJECT, REPOSITORY / "orchestration"),
        "duckdb": duckdb.__version__,
        "python": platform.python_version(),
    }


def source_hash(*folders: Path) -> str:
    """SHA-256 (hex) over the paths and contents of all files below the folders, built things left out."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not _BUILT & set(inside.parts) and not path.name.startswith("."):
                digest.update(f"{folder.name}/{inside.as_posix()}\t{sha256_of(path)}\n".encode())
    return digest.hexdigest()


def configuration(folder: DataFolder, settings: Settings) -> dict[str, Any]:
    """company.yml as it lay there (its SHA-256, null without one) and the settings in force, defaults included.

    Whom to alert is nobody's business who reads a version, and changes no number.
    """
    return {
        "company_yml_sha256": sha256_of(folder.company_yml) if folder.company_yml.exists() else None,
        "settings": settings.model_dump(mode="json", exclude={"alerts"}),
    }


def identity_state(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Name of the folder below state/identity/ that holds the customer ids of this version; null without one."""
    return _noted(connection, "state", "name")


def decisions(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Digest of the log of people's decisions about records when this version was made; null while there are none."""
    return _noted(connection, "decisions_state", "digest")


def lifetime_value_model(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Name of the kept model that customers are valued by; null without one."""
    return _noted(connection, "model", "parameters", schema="lifetime_value")


def _noted(connection: duckdb.DuckDBPyConnection, table: str, column: str, schema: str = "identity") -> str | None:
    """What a step noted about itself in a table of one row; null where it never ran."""
    known = "select 1 from duckdb_tables() where schema_name = ? and table_name = ?"
    if not connection.execute(known, [schema, table]).fetchall():
        return None
    return connection.execute(f"select {column} from {schema}.{table}").fetchall()[0][0]
