"""A warehouse file that is damaged, or newer than DuckDB: said with what mends it, by every command, and not tried again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.defs.retries import is_passing
from orchestration.errors import WarehouseDamaged
from orchestration.folders import DataFolder
from orchestration.warehouse import connect


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    monkeypatch.setenv("LOYALTY_DATA", str(tmp_path))
    folder = DataFolder(tmp_path).create()
    with connect(folder.database) as warehouse:
        warehouse.execute("create table numbers as from range(100000)").fetchall()
    return folder


def overwritten(database: Path, at: int, content: bytes) -> None:
    with database.open("r+b") as file:
        file.seek(at)
        file.write(content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda database: database.write_bytes(b"no database"),
        lambda database: os.truncate(database, 100),
        lambda database: os.truncate(database, database.stat().st_size // 2),
        lambda database: overwritten(database, 4096, bytes(8192)),
        lambda database: overwritten(database, 12, b"\xfa"),
    ],
)
def test_what_mends_it_is_said(folder: DataFolder, damage: Callable[[Path], None]) -> None:
    damage(folder.database)
    with pytest.raises(
        WarehouseDamaged, match=r"loyalty\.duckdb is damaged, .*: delete it; .* by: loyalty run"
    ) as found:
        connect(folder.database)
    assert not is_passing(found.value)
    for command in (["quarantine"], ["explain", "--queue"]):
        said = CliRunner().invoke(main, command)
        assert said.exit_code == 1
        assert "loyalty.duckdb is damaged" in said.output
        assert "a run is writing" not in said.output
