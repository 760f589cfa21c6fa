"""The work that a measure has done in a child: `python -m tests.benchmarks.work NAME ARGUMENTS`.

Each piece prints one line of JSON: CPU and wall seconds of the work alone, imports left out, and what it did.
"""

import hashlib
import json
import sys
from collections.abc import Callable
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

from . import identity_work, lifetime_value_work
from .large_company import EVENT_FILES, write_landing, write_one_more_day
from .orders_csv import TYPES, write_orders_csv
from .timed import timed
from .workshop import AS_OF

Facts = dict[str, Any]


def _write_orders(file: str, megabytes: str) -> Facts:
    facts: Facts = {}
    with timed(facts):
        facts["rows"] = write_orders_csv(Path(file), int(megabytes))
    return facts


def _read_csv(file: str, database: str) -> Facts:
    """What somebody would write who trusts the file: given types, refused rows kept aside."""
    facts: Facts = {}
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items())
    with duckdb.connect(database) as connection:
        _set(connection)
        with timed(facts):
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
        with timed(facts):
            report = load_deliveries(connection, folder, Settings(), contract, datetime.fromisoformat(AS_OF))
            connection.execute("checkpoint")
        facts["rows"] = report.loaded
    return facts


def _write_large(data: str, customers: str, events: str) -> Facts:
    facts: Facts = {}
    landing = Path(data) / "landing"
    with timed(facts):
        facts["rows"] = write_landing(landing, int(customers), int(events))
    files = list(landing.glob(EVENT_FILES))
    return facts | {"files": len(files), "bytes": sum(file.stat().st_size for file in files)}


def _write_day(data: str, customers: str, events: str) -> Facts:
    facts: Facts = {}
    with timed(facts):
        facts["rows"] = write_one_more_day(Path(data) / "landing", int(customers), int(events))
    return facts


def _roofline(landing: str, written: str) -> Facts:
    facts: Facts = {}
    Path(written).mkdir(parents=True)
    script = Path(__file__).with_name("roofline.sql").read_text(encoding="utf-8")
    with duckdb.connect(f"{written}/roofline.duckdb") as connection:
        _set(connection)
        with timed(facts):
            connection.execute(script.replace("{landing}", landing).replace("{written}", written)).fetchall()
        facts["events"] = _one(connection, "select count(*) from events")
        facts["customers"] = _one(connection, "select count(distinct customer) from people")
    return facts


def _loaded(data: str) -> Facts:
    """What the pipeline holds of a large company."""
    facts: Facts = {}
    with duckdb.connect(str(DataFolder(Path(data)).database), read_only=True) as connection, timed(facts):
        where = "from raw.deliveries where ends_with(path, '.parquet') and dataset <> 'customers'"
        facts["received"] = _one(connection, f"select sum(received) {where}")
        facts["events"] = _one(connection, f"select sum(loaded) {where}")
        facts["customers"] = _one(connection, "select count(distinct customer_id) from identity.memberships")
    return facts


def _publish(data: str) -> Facts:
    facts: Facts = {}
    folder, manifest = DataFolder(Path(data)), dbt.manifest()
    settings = load_settings(folder.company_yml)
    with connect(folder.database) as connection, timed(facts):
        version = publish(connection, folder, settings, manifest, datetime.now(UTC), "benchmark")
        problems = verify(folder)
    if problems:
        raise RuntimeError("\n".join(problems))
    return facts | {"path": str(version.path), "rows": sum(version.rows.values())}


def _sha256(version: str) -> Facts:
    files = [path for path in Path(version).rglob("*") if path.is_file()]
    facts: Facts = {"files": len(files), "bytes": sum(path.stat().st_size for path in files)}
    with timed(facts):
        for path in files:
            with path.open("rb") as content:
                hashlib.file_digest(content, "sha256")
    return facts


def _set(connection: duckdb.DuckDBPyConnection) -> None:
    """The threads and memory that the product gives itself."""
    for name, value in connection_settings().items():
        connection.execute(f"set {name} = '{value}'")


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


_WORK: dict[str, Callable[..., Facts]] = {
    "write-orders": _write_orders,
    "read-csv": _read_csv,
    "load-deliveries": _load_deliveries,
    "write-large": _write_large,
    "write-day": _write_day,
    "roofline": _roofline,
    "loaded": _loaded,
    "publish": _publish,
    "sha256": _sha256,
    "write-records": identity_work.write,
    "identity": identity_work.identity,
    "identity-again": identity_work.again,
    "splink": identity_work.splink,
    "write-histories": lifetime_value_work.write,
    "lifetime-value": lifetime_value_work.fit_and_score,
    "lifetimes": lifetime_value_work.lifetimes,
}

if __name__ == "__main__":
    print(json.dumps(_WORK[sys.argv[1]](*sys.argv[2:])))
