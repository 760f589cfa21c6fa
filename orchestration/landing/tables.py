"""The loader's tables in schemas raw and config; all exist even when nothing was delivered."""

import hashlib
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from orchestration.landing.contract import Contract, Dataset
from orchestration.landing.typed import quoted
from orchestration.settings import Settings

LOADER_VERSION = 3
"""Raise it when the same content would be typed differently: raw is then rebuilt from deliveries/."""

PROVENANCE = "_delivery varchar, _line bigint, _aside boolean"
"""Behind the contract's columns: where a row came from, and whether raw.set_aside holds it. Staging reads the mark:
looking every row up there would cost each of its readers more than the rows themselves."""

FEW = 8
"""Up to so many rows are inserted by value, more of them through Arrow."""

BOOKKEEPING = {
    "fingerprint": "fingerprint varchar",
    "loads": "dataset varchar, delivery varchar, status varchar, received bigint, reason varchar, detail varchar",
    "load_notes": "dataset varchar, delivery varchar, code varchar, detail varchar",
    "set_aside": "dataset varchar, _delivery varchar, _line bigint, outcome varchar",
    "conflicts": "dataset varchar, _delivery varchar, _line bigint, winner_delivery varchar, winner_line bigint",
    "quarantine": "dataset varchar, delivery varchar, path varchar, line bigint, column_name varchar, reason varchar, "
    "raw_text varchar, row_key varchar",
    "notes": "dataset varchar, delivery varchar, path varchar, code varchar, detail varchar",
    "deliveries": "dataset varchar, delivery varchar, path varchar, first_seen timestamp, received_at timestamp, "
    "status varchar, received bigint, loaded bigint, superseded bigint, duplicate bigint, quarantined bigint, "
    "conflicts bigint, dismissed boolean, cleared boolean, reason varchar",
}
CONFIG = {
    "settings": "timezone varchar, currency varchar, phone_country_code varchar, language varchar, "
    "history_starts_on date, discount_is_promotion boolean, first_response_minutes integer, resolution_minutes integer, as_of timestamp, "
    "fixed_offset_from timestamp, fixed_offset interval, phone_region varchar, date_order varchar",
    "channel_units": "channel varchar, org_unit_id varchar",
    "function_scopes": "function varchar, scope varchar",
    "business_hours": "weekday integer, opens_minute integer, closes_minute integer",
    "special_days": "day date, opens_minute integer, closes_minute integer",
    "first_contact_purposes": "purpose varchar",
    "labels": "code varchar, en varchar, zh varchar",
    "source_priority": "source_system varchar, place integer",
    "trust_floors": "item varchar, floor double",
}


def run(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Execute and read everything: DuckDB 2 refuses a next statement while a result is unread."""
    return connection.execute(sql, list(parameters)).fetchall() if parameters else connection.execute(sql).fetchall()


def raw(dataset: Dataset) -> str:
    """The dataset's table."""
    return f"raw.{quoted(dataset.name)}"


def prepare(connection: duckdb.DuckDBPyConnection, contract: Contract, settings: Settings) -> bool:
    """Create what is missing; drop all of raw first when contract, time zone or formats changed. True if it was dropped."""
    rules = f"{LOADER_VERSION}|{contract.fingerprint()}|{settings.timezone}|{sorted(settings.formats.items())}"
    fingerprint = hashlib.sha256(rules.encode()).hexdigest()
    run(connection, "begin")
    try:
        run(connection, "create schema if not exists raw")
        run(connection, "create schema if not exists config")
        run(connection, f"create table if not exists raw.fingerprint ({BOOKKEEPING['fingerprint']})")
        stored = run(connection, "select fingerprint from raw.fingerprint")
        changed = stored != [(fingerprint,)]
        if changed:
            for (table,) in run(connection, "select table_name from duckdb_tables() where schema_name = 'raw'"):
                run(connection, f"drop table raw.{quoted(table)}")
        for table, columns in BOOKKEEPING.items():
            run(connection, f"create table if not exists raw.{table} ({columns})")
        for table, columns in CONFIG.items():
            run(connection, f"create table if not exists config.{table} ({columns})")
        for dataset in contract.datasets.values():
            columns = ", ".join(f"{quoted(column.name)} {column.data_type}" for column in dataset.columns)
            run(connection, f"create table if not exists {raw(dataset)} ({columns}, {PROVENANCE})")
        if changed:
            run(connection, "insert into raw.fingerprint values (?)", [fingerprint])
        run(connection, "commit")
    except BaseException:
        run(connection, "rollback")
        raise
    return changed and bool(stored)


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert Python rows into an existing table, by position, in one statement."""
    if not rows:
        return
    if len(rows) <= FEW:
        places = ", ".join(f"({', '.join('?' * len(row))})" for row in rows)
        run(connection, f"insert into {table} values {places}", [value for row in rows for value in row])
        return
    names = [name for name, *_ in run(connection, f"describe {table}")]
    arrow = pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})
    connection.register("rows_to_append", arrow)
    try:
        run(connection, f"insert into {table} select * from rows_to_append")
    finally:
        connection.unregister("rows_to_append")
