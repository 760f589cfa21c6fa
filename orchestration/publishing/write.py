"""Write one version's files and manifests into a draft folder that nobody reads yet."""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.publishing import durable
from orchestration.publishing.contract import ORDER_OF_MODEL, PublishedTable
from orchestration.publishing.digest import table_digest, total_order
from orchestration.publishing.versions import MANIFEST, PROFILES

MANIFEST_HASH = "manifest.sha256"


def write_tables(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable], folder: Path
) -> dict[str, dict[str, Any]]:
    """Write the tables as Parquet into `folder`; returns the manifest's facts of each, by name.

    The digest is taken from the warehouse's rows, so that verifying compares the file with what was meant.
    """
    facts = {}
    for table in tables:
        path = folder / f"{table.name}.parquet"
        rows = copy_to_parquet(connection, table, path)[0]
        facts[table.name] = {
            "file": path.name,
            "rows": rows,
            "bytes": path.stat().st_size,
            "sha256": durable.sha256_of(path),
            "digest": table_digest(connection, table.relation, table.columns, table.key) if table.digested else None,
            "key": list(table.key),
            "columns": [list(column) for column in table.columns],
        }
    return facts


def copy_to_parquet(connection: duckdb.DuckDBPyConnection, table: PublishedTable, path: Path) -> tuple[int, int]:
    """Write a table's rows, in order, to `path`; returns (rows, bytes)."""
    target = str(path).replace("'", "''")
    order = f"order by {table.order or total_order(table.columns, table.key)}"
    rows = f"select * from {table.relation} {'' if table.order == ORDER_OF_MODEL else order}"
    with _sorting_on_disk(connection):
        written = connection.execute(
            f"copy ({rows}) to '{target}' (format parquet, compression zstd, use_tmp_file false, return_stats)"
        ).fetchone()
    assert written is not None, "copy always reports one row"
    return int(written[1]), int(written[2])


@contextmanager
def _sorting_on_disk(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """Let DuckDB put rows aside on the disk from the first of them on.

    Left to itself it begins once the memory is full, and of wide rows that come from many joins (20 million of the timeline)
    it then cannot let go of enough: the version would fail at 5 GB, where this needs less than 2 GB and no more CPU.
    """
    connection.execute("set debug_force_external = true")
    try:
        yield
    finally:
        connection.execute("reset debug_force_external")


def write_manifest(folder: Path, content: dict[str, Any]) -> None:
    """Write manifest.json, and its SHA-256 beside it in the form that `sha256sum -c manifest.sha256` checks."""
    path = folder / MANIFEST
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / MANIFEST_HASH).write_text(f"{durable.sha256_of(path)}  {MANIFEST}\n", encoding="utf-8")


def write_profiles(connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable], version: Path) -> list[str]:
    """Write the tables about persons into a folder that only its owner may enter, with a manifest of its own.

    Its own, because erasing a person rewrites these files and must leave the version's manifest as it was.
    """
    folder = version / PROFILES
    folder.mkdir(mode=0o700)
    write_manifest(folder, {"tables": write_tables(connection, tables, folder)})
    for path in folder.iterdir():
        path.chmod(0o600)
    return [table.name for table in tables]
