"""A full disk or a folder that may not be written is said in a sentence, to the terminal and in the alert; no stack."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from orchestration import run
from orchestration.cli import main
from orchestration.errors import PublishingError
from orchestration.folders import DataFolder
from orchestration.unwritable import unwritable
from tests.alerts import servers


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    folder = DataFolder(tmp_path / "data").create()
    folder.company_yml.write_text("name: Tea\nalerts: [{kind: wecom, url_env: NIGHT_WECOM}]\n", encoding="utf-8")
    for name in ("LOYALTY_DATA", "DAGSTER_HOME"):
        monkeypatch.setenv(name, str(folder.root))  # also set by the run, and put back after it
    return folder


def full_database(folder: DataFolder) -> None:
    """SQLite's own words, as Dagster hands them on."""
    with create_engine(f"sqlite:///{folder.root / 'full.db'}").connect() as connection:
        connection.execute(text("pragma max_page_count = 1"))
        connection.execute(text("create table t (a)"))


def closed_database(folder: DataFolder) -> None:
    file = folder.root / "closed.db"
    sqlite3.connect(file).execute("create table t (a)").connection.close()
    with create_engine(f"sqlite:///file:{file}?mode=ro&uri=true").connect() as connection:
        connection.execute(text("insert into t values (1)"))


def full_disk(folder: DataFolder) -> None:
    try:
        raise OSError(errno.ENOSPC, "No space left on device", str(folder.lock))
    except OSError as problem:
        raise RuntimeError("a library's own words") from problem


@pytest.mark.parametrize(
    ("happens", "place", "remedy"),
    [
        (full_database, "dagster", "the disk is full; free some"),
        (closed_database, "dagster", "mounted read-only; let it be written"),
        (full_disk, "warehouse/.lock", "the disk is full; free some"),
    ],
)
def test_the_cause_is_said_and_told(
    company: DataFolder,
    monkeypatch: pytest.MonkeyPatch,
    happens: Callable[[DataFolder], None],
    place: str,
    remedy: str,
) -> None:
    monkeypatch.setattr(run, "_execute", lambda folder, *_: happens(folder))
    with servers.robot() as robot:
        monkeypatch.setenv("NIGHT_WECOM", robot.url("/"))
        done = CliRunner().invoke(main, ["run"])
    assert done.exit_code == 1 and "Traceback" not in done.output
    assert f"loyalty: {company.root / place} can't be written (" in done.output and remedy in done.output
    (body,) = robot.bodies
    assert f"{company.root / place} can't be written (" in body["text"]["content"] and " MB free in " in str(body)


def test_what_is_plain_or_something_else_stays_as_it_is(company: DataFolder) -> None:
    assert unwritable(ValueError("x"), company) is None
    assert unwritable(FileNotFoundError(errno.ENOENT, "No such file or directory", "x"), company) is None
    plain = PublishingError("the disk is full")
    plain.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert unwritable(plain, company) is None
