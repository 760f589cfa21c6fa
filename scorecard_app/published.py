"""The published version, read-only: resolved once per request, checked once, then held in memory.

The reader knows nothing of the warehouse. Its DuckDB may open the version's own files and nothing else, and every
value that comes from outside is bound as a parameter. Held in memory, a version stays readable by whoever has it
open while publishing switches to the next one.
"""

import hashlib
import json
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb

from scorecard_app.queries import About, Queries, Row, fetch

TABLES = ("kpis", "org_units", "kpi_values", "scorecards", "department_scores", "labels", "data_quality")


class NothingPublished(Exception):
    """There is no version yet below this folder."""


class Damaged(Exception):
    """A version is not whole; the text names the file."""


def resolve(data_root: Path) -> Path:
    """The folder of the version that `current` points at, now.

    Raises NothingPublished, or Damaged where the link leads nowhere.
    """
    link = data_root / "published" / "current"
    try:
        version = link.parent / link.readlink().name
    except FileNotFoundError:
        raise NothingPublished(str(link.parent)) from None
    except OSError as problem:
        raise Damaged(f"{link}: {problem.strerror}") from problem
    if not version.is_dir():
        raise Damaged(f"{version}: missing")
    return version


class Published(Queries):
    """One version's public tables, in memory, whole: for commands and exports; the app reads through `gate.Scoped`.

    Methods may be called from many threads.
    """

    def __init__(self, folder: Path, everything: bool = False) -> None:
        """Check every file against the manifest and load it; raises Damaged naming the first that differs.

        Older versions have fewer tables: TABLES must be there, what else the manifest names is loaded for `everything`.
        """
        self.folder = folder
        manifest = _manifest(folder)
        try:
            self.about = _about(manifest)
            names = dict.fromkeys((*TABLES, *(sorted(manifest["tables"]) if everything else ())))
            files = {name: (folder / f"{name}.parquet", manifest["tables"][name]["sha256"]) for name in names}
        except (KeyError, TypeError, ValueError) as problem:
            raise Damaged(f"{folder / 'manifest.json'}: {problem!r}") from problem
        for path, sha256 in files.values():
            check(path, sha256)
        self._connection = locked_down([path for path, _ in files.values()])
        self._lock = threading.Lock()
        for name, (path, _) in files.items():
            try:
                self._connection.execute(
                    f"create table {_known(name)} as from read_parquet($path)", {"path": str(path)}
                )
            except duckdb.Error as problem:
                raise Damaged(f"{path}: {problem}") from problem

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Another connection to the version in memory; it sees the tables, and temporary views of its own."""
        with self._lock:
            return self._connection.cursor()

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The query's rows as dictionaries; values only ever enter as `$name` parameters."""
        with closing(self.cursor()) as cursor:
            return fetch(cursor, query, parameters)


def _known(name: str) -> str:
    """A table's name from the manifest, as an identifier and nothing else."""
    if not name.isidentifier():
        raise Damaged(f"manifest.json: {name!r} is no table's name")
    return name


def _manifest(folder: Path) -> Row:
    path = folder / "manifest.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Damaged(f"{path}: missing") from None
    except (OSError, ValueError) as problem:
        raise Damaged(f"{path}: {problem}") from problem


def _about(manifest: Row) -> About:
    settings = manifest["configuration"]["settings"]
    return About(
        name=manifest["version"],
        as_of=datetime.fromisoformat(manifest["as_of"]),
        digest=manifest["digest"],
        demo=manifest["demo"],
        company=settings["name"],
        timezone=settings["timezone"],
        currency=settings["currency"],
        language=settings["language"],
        code=manifest["code"],
    )


def check(path: Path, sha256: str) -> None:
    """Raises Damaged where the file is missing or is not, byte by byte, what the manifest promised."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise Damaged(f"{path}: missing") from None
    except OSError as problem:
        raise Damaged(f"{path}: {problem.strerror}") from problem
    if found != sha256:
        raise Damaged(f"{path}: SHA-256 differs from the manifest's")


def locked_down(files: list[Path]) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that can read these files, write nothing, and never be told otherwise."""
    connection = duckdb.connect()
    allowed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    connection.execute(f"set allowed_paths = [{allowed}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection
