"""The page's backup and restore commands, run as they stand there."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from orchestration.folders import REPOSITORY, DataFolder
from orchestration.run import RunOutcome
from orchestration.warehouse import writer_lock
from tests.conftest import CompanyRun

PAGE = (REPOSITORY / "orchestration" / "deployment" / "README.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    """The page's commands that are marked with a name."""
    found = re.search(rf"<!-- {name} -->\n```bash\n(.*?)```", PAGE, re.DOTALL)
    assert found, f"the page has no commands marked {name}"
    return found[1]


def run(commands: str, path: Path | None = None, **environment: object) -> subprocess.CompletedProcess[str]:
    """Run a block as a person would paste it, `path` or this environment's programs first on PATH."""
    programs = f"{path or Path(sys.executable).parent}:{os.environ['PATH']}"
    told = {**os.environ, "PATH": programs, **{name: str(value) for name, value in environment.items()}}
    return subprocess.run(["bash", "-c", commands], env=told, capture_output=True, text=True)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A company's folder that only looks like one: enough to be saved."""
    folder = DataFolder(tmp_path / "small").create()
    version = folder.published / "v1"
    version.mkdir()
    (version / "manifest.json").write_text(
        json.dumps({"as_of": "2026-11-08T01:30:00Z", "digest": "a" * 64, "deliveries": []})
    )
    (folder.published / "current").symlink_to("v1")
    for path in (folder.lock, folder.database, folder.landing / ".demo.json", folder.state / "s", folder.company_yml):
        path.write_text("x")
    return folder.root


def backed_up(data: Path, folder: Path) -> Path:
    done = run(block("backup"), LOYALTY_DATA=data, BACKUPS=folder)
    assert done.returncode == 0, done.stderr
    (backup,) = folder.glob("*.tar.gz")
    return backup


def test_a_restored_company_arrives_at_the_same_numbers(small_run: CompanyRun, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(small_run.data, data, symlinks=True)
    for path in (data / "landing" / "orders").iterdir():
        path.unlink()  # overwritten or removed by the source system: the copies below deliveries/ hold it
    backup = backed_up(data, tmp_path / "backups")
    done = run(block("restore"), LOYALTY_DATA=tmp_path / "restored", BACKUP=backup)
    assert done.returncode == 0, done.stderr
    before = json.loads((small_run.published / "manifest.json").read_text())
    current = (tmp_path / "restored" / "published" / "current").resolve()
    after = json.loads((current / "manifest.json").read_text())
    assert (after["digest"], after["as_of"], after["demo"]) == (before["digest"], before["as_of"], before["demo"])
    assert current.name != small_run.published.name, "the numbers must have been made anew"
    assert (current.parent / small_run.published.name / "manifest.json").exists(), "what people saw comes back too"
    assert before["digest"] in done.stdout


def test_a_company_whose_last_run_was_blocked_is_restored_and_blocked_again(
    small_run: CompanyRun, refresh: Callable[[Path, datetime], RunOutcome], tmp_path: Path
) -> None:
    data, restored = tmp_path / "data", tmp_path / "restored"
    shutil.copytree(small_run.data, data, symlinks=True)
    for mark in data.glob("*/.demo.json"):
        mark.unlink()  # from here on these are a company's own files
    bad = data / "landing" / "survey_responses" / "responses_2026-11-08.csv"
    rows = "".join(f"survey,late{number},NPS_REL,11,2026-11-07T10:00:00+08:00\n" for number in range(500))
    bad.write_text("source_system,response_id,question_code,score,responded_at\n" + rows)
    blocked = refresh(data, small_run.as_of + timedelta(days=1))
    assert any("excess_quarantine" in problem for problem in blocked.problems), blocked.problems
    (data / "landing" / "orders" / "late.csv").write_text("source_system,order_id\n")  # landed, and never taken
    done = run(block("restore"), LOYALTY_DATA=restored, BACKUP=backed_up(data, tmp_path / "backups"))
    assert done.returncode == 0, done.stderr
    assert small_run.published.name.split("-")[1] in done.stdout, "the digest of the version that was served"
    for folder in ("landing", "deliveries"):
        files = [{path.relative_to(root) for path in (root / folder).rglob("*")} for root in (data, restored)]
        assert files[0] == files[1]
    assert not refresh(restored, small_run.as_of + timedelta(days=1)).succeeded


def test_a_backup_holds_what_cannot_be_made_again_and_is_private(small: Path, tmp_path: Path) -> None:
    backup = backed_up(small, tmp_path / "backups")
    with tarfile.open(backup) as archive:
        names = set(archive.getnames())
    assert {"./company.yml", "./landing/.demo.json", "./state/s", "./published/current", "./deliveries"} <= names
    assert not [name for name in names if name.startswith(("./warehouse", "./dagster"))]
    assert backup.stat().st_mode & 0o077 == 0 and not list(backup.parent.glob("*.part"))


def test_a_backup_waits_for_the_run_that_is_writing(small: Path, tmp_path: Path) -> None:
    told = {**os.environ, "LOYALTY_DATA": str(small), "BACKUPS": str(tmp_path / "backups")}
    with writer_lock(DataFolder(small).lock, wait_minutes=0):
        waiting = subprocess.Popen(["bash", "-c", block("backup")], env=told, stderr=subprocess.PIPE)
        time.sleep(1)
        assert waiting.poll() is None and not list((tmp_path / "backups").glob("*.tar.gz"))
    assert waiting.wait(timeout=60) == 0
    assert list((tmp_path / "backups").glob("*.tar.gz"))


def test_a_backup_that_waited_in_vain_says_so_by_its_exit_status(small: Path, tmp_path: Path) -> None:
    impatient = block("backup").replace("--wait 7200", "--wait 0")
    assert impatient != block("backup")
    with writer_lock(DataFolder(small).lock, wait_minutes=0):
        assert run(impatient, LOYALTY_DATA=small, BACKUPS=tmp_path / "backups").returncode != 0
    assert not list((tmp_path / "backups").iterdir())


def stub(folder: Path, commands: str) -> Path:
    """A program `loyalty` of the test's own."""
    folder.mkdir()
    (folder / "loyalty").write_text(f"#!/bin/sh\n{commands}\n")
    (folder / "loyalty").chmod(0o755)
    return folder


def test_restoring_refuses_what_could_do_harm_and_notices_other_numbers(small: Path, tmp_path: Path) -> None:
    backup = backed_up(small, tmp_path / "backups")
    nothing = stub(tmp_path / "nothing", 'echo "$@" > "$LOYALTY_DATA/told"')
    done = run(block("restore"), nothing, LOYALTY_DATA=tmp_path / "good", BACKUP=backup)
    assert done.returncode == 0 and (tmp_path / "good" / "told").read_text() == "run --as-of 2026-11-08T01:30:00Z\n"

    done = run(block("restore"), nothing, LOYALTY_DATA=small, BACKUP=backup)
    assert done.returncode == 1 and "is not empty" in done.stderr and not (small / "told").exists()

    other = stub(tmp_path / "other", 'sed -i s/aaaa/bbbb/ "$LOYALTY_DATA/published/v1/manifest.json"')
    done = run(block("restore"), other, LOYALTY_DATA=tmp_path / "other numbers", BACKUP=backup)
    assert done.returncode == 1 and "the restored numbers differ" in done.stderr

    backup.write_bytes(backup.read_bytes()[:-1] + b"?")
    done = run(block("restore"), nothing, LOYALTY_DATA=tmp_path / "torn", BACKUP=backup)
    assert done.returncode != 0 and not list((tmp_path / "torn").iterdir())
