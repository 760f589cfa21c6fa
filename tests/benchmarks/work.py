"""The work that a measure has done in a child: `python -m tests.benchmarks.work NAME ARGUMENTS`.

Each piece prints one line of JSON: CPU and wall seconds of the work alone, imports left out, and what it did.
"""

import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import dbt
from orchestration.folders import DataFolder
from orchestration.landing import load_contract, load_deliveries
from orchestration.publishing.publish import publish
from orchestration.publishing.verify import verify
from orchestration.settings import Settings, load_settings
from orchestration.warehouse import connect, connection_settings

from .orders_csv import TYPES, write_orders_csv
from .workshop import AS_OF

Facts = dict[str, Any]


@contextmanager
def _timed(facts: Facts) -> Generator[None]:
    """Add what the block takes to `facts`."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    yield
    after = resource.getrusage(resource.RUSAGE_SELF)
    facts["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    facts["wall"] = time.monotonic() - started


def _write_orders(file: str, megabytes: str) -> Facts:
    facts: Facts = {}
    with _timed(facts):
        facts["rows"] = write_orders_csv(Path(file), int(megabytes))
    return facts


def _read_csv(file: str, database: str) -> Facts:
    """What somebody would write who trusts the file: given types, refused rows kept aside."""
    facts: Facts = {}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    with duckdb.connect(database) as connection:
        for name, value in connection_settings().items():
            connection.execute(f"set {name} = '{value}'")
        with _timed(facts):
            connection.execute(
                f"create table orders as select * from read_csv('{file}', columns = {{{columns}}}, "
                "header = true, auto_detect = false, delim = ',', quote = '\"', store_rejects = true)"
            )
            connection.execute("checkpoint")
        facts["rows"] = _one(connection, "select count(*) from orders")
    return facts


def _load_deliveries(data: str) -> Facts:
    facts: Facts = {}
    contract = load_contract(dbt.ensure_manifest())
    folder = DataFolder(Path(data)).create()
    with connect(folder.database) as connection:
        with _timed(facts):
            report = load_deliveries(connection, folder, Settings(), contract, datetime.fromisoformat(AS_OF))
            connection.execute("checkpoint")
        facts["rows"] = report.loaded
    return facts


def _publish(data: str) -> Facts:
    facts: Facts = {}
    folder, manifest = DataFolder(Path(data)), dbt.manifest()
    settings = load_settings(folder.company_yml)
    with connect(folder.database) as connection, _timed(facts):
        version = publish(connection, folder, settings, manifest, datetime.now(UTC), "benchmark")
        problems = verify(folder)
    if problems:
        raise RuntimeError("\n".join(problems))
    return facts | {"path": str(version.path), "rows": sum(version.rows.values())}


def _sha256(version: str) -> Facts:
    files = [path for path in Path(version).rglob("*") if path.is_file()]
    facts: Facts = {"files": len(files), "bytes": sum(path.stat().st_size for path in files)}
    with _timed(facts):
        for path in files:
            with path.open("rb") as content:
                hashlib.file_digest(content, "sha256")
    return facts


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


_WORK: dict[str, Callable[..., Facts]] = {
    "write-orders": _write_orders,
    "read-csv": _read_csv,
    "load-deliveries": _load_deliveries,
    "publish": _publish,
    "sha256": _sha256,
}

if __name__ == "__main__":
    print(json.dumps(_WORK[sys.argv[1]](*sys.argv[2:])))
