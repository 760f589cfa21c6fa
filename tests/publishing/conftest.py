"""A small warehouse with one table of every kind that publishing treats differently, and its dbt manifest."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.folders import DataFolder
from orchestration.publishing.publish import publish
from orchestration.publishing.versions import PublishedVersion
from orchestration.settings import Settings

AS_OF = datetime(2025, 7, 1, 16, 0, tzinfo=UTC)
TABLES = {
    "kpi_values": ("public", ["kpi_id", "period_start"], {
        "kpi_id": "varchar", "period_start": "date", "n": "bigint", "value": "double", "note": "varchar",
        "weight": "decimal(9,3)", "shown": "boolean", "functions": "varchar[]", "seen_at": "timestamp",
    }),
    "labels": ("public", ["code"], {"code": "varchar", "en": "varchar"}),
    "data_quality": ("public", ["dataset"], {"dataset": "varchar", "path": "varchar"}),
    "customers": ("profiles", ["customer_id"], {"customer_id": "varchar", "phone": "varchar"}),
}  # fmt: skip


def manifest_of(tables: dict[str, tuple[str, list[str], dict[str, str]]]) -> dict[str, Any]:
    """What dbt would write about these models, as far as publishing reads it."""
    nodes = {
        f"model.loyalty.{name}": {
            "resource_type": "model", "name": name, "alias": name, "schema": "main",
            "original_file_path": f"models/published/{name}.sql",
            "config": {"meta": {"published": kind, "key": key}, "contract": {"enforced": True}},
            "columns": {column: {"name": column, "data_type": type_} for column, type_ in columns.items()},
        }
        for name, (kind, key, columns) in tables.items()
    }  # fmt: skip
    staging = {"resource_type": "model", "name": "stg_orders", "config": {"meta": {}}}
    return {"nodes": nodes | {"model.loyalty.stg_orders": staging}}


@pytest.fixture
def manifest() -> dict[str, Any]:
    return manifest_of(TABLES)


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for name, (_, _, columns) in TABLES.items():
            connection.execute(f"create table {name} ({', '.join(f'{c} {t}' for c, t in columns.items())})")
        connection.execute("""
            insert into kpi_values select
                'kpi_' || i % 4, date '2025-01-01' + cast(i // 4 as integer), i, sqrt(i) / 3,
                case when i % 3 = 0 then null when i % 3 = 1 then '' else 'a' || chr(9) || 'b' end,
                i / 8, i % 2 = 0, case when i % 5 = 0 then null else ['STO', null, 'a,b'] end,
                timestamp '2025-01-01' + to_microseconds(i)
            from range(200) as r(i)""")
        connection.execute("insert into labels values ('met', 'target met'), ('missed', null)")
        connection.execute("insert into data_quality values ('orders', 'orders/2025.csv')")
        connection.execute("insert into customers values ('c1', '+8613900000001')")
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.deliveries (dataset varchar, delivery varchar, path varchar, status varchar)"
        )
        connection.execute("""insert into raw.deliveries values
            ('orders', repeat('a', 64), 'orders/2025.csv', 'loaded'), ('cases', repeat('b', 64), 'cases/x.csv', 'waiting')""")
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path).create()


@pytest.fixture
def publish_again(
    warehouse: duckdb.DuckDBPyConnection, folder: DataFolder, manifest: dict[str, Any]
) -> Callable[..., PublishedVersion]:
    """Publish the sample warehouse as it stands now, keeping `keep` versions."""

    def run(keep: int = 30, said: list[str] | None = None) -> PublishedVersion:
        say = said.append if said is not None else lambda _: None
        return publish(warehouse, folder, Settings(keep_versions=keep), manifest, AS_OF, "run-1", say)

    return run
