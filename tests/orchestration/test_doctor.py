"""Everything that the doctor looks for is found when it is there, and the remedy is named."""

import json
import os
import signal
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from orchestration import dbt, doctor
from orchestration.commands import entrance
from orchestration.folders import DataFolder
from scorecard_app.access.rules import unknown_units


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data").create()


def test_a_sound_place_has_no_complaint(folder: DataFolder) -> None:
    dbt.ensure_manifest()
    assert [finding for finding in doctor.examine(folder) if not finding.ok] == []


def test_wrong_python(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    version = namedtuple("version", "major minor micro")
    monkeypatch.setattr(sys, "version_info", version(3, 10, 4))
    finding = doctor.python_version(folder)
    assert not finding.ok and "3.10.4" in finding.message and "3.11 to 3.13" in finding.message


def test_lock_drift(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = doctor.metadata.version
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "0.0.1" if name == "duckdb" else installed(name))
    finding = doctor.locked_dependencies(folder)
    assert not finding.ok and "duckdb 0.0.1 instead of" in finding.message and "make run" in finding.message


def test_unwritable_landing(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    # root may write anywhere, so the refusal itself is played
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "touch", refuse)
    finding = doctor.landing_writable(folder)
    assert not finding.ok and str(folder.landing) in finding.message and "write access" in finding.message


def test_landing_is_a_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "landing").write_text("")
    finding = doctor.landing_writable(DataFolder(data))
    assert not finding.ok and "where a folder belongs" in finding.message


def test_bad_company_yml(folder: DataFolder) -> None:
    folder.company_yml.write_text("timezone: Mars/Olympus\ncolour: red\n")
    finding = doctor.company_settings(folder)
    assert not finding.ok
    assert (
        "Mars/Olympus" in finding.message and "colour" in finding.message and str(folder.company_yml) in finding.message
    )


def test_missing_and_stale_manifest(folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbt, "MANIFEST", tmp_path / "manifest.json")
    assert "missing" in doctor.dbt_manifest(folder).message
    (tmp_path / "manifest.json").write_text("{}")
    os.utime(tmp_path / "manifest.json", (0, 0))
    finding = doctor.dbt_manifest(folder)
    assert not finding.ok and "older" in finding.message


def test_full_disk(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 10**6, 10**6))
    finding = doctor.free_disk(folder)
    assert not finding.ok and "1 MB free" in finding.message


@pytest.mark.parametrize(
    ("error", "said"), [(OSError(5, "Input/output error"), "Input/output error"), (ValueError("cell"), "ValueError")]
)
def test_a_check_that_fails_itself_is_a_finding(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def free_disk(_: DataFolder) -> doctor.Finding:
        raise error

    monkeypatch.setattr(doctor, "free_disk", free_disk)
    *_, found = doctor.examine(folder)
    assert (found.check, found.ok) == ("free disk", False)
    assert said in found.message and "cell" not in found.message and "loyalty doctor" in found.message


HOLD = """
import sys, time
from pathlib import Path
from orchestration.warehouse import writer_lock
with writer_lock(Path(sys.argv[1]), 1):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_held_and_a_stale_lock(folder: DataFolder) -> None:
    assert doctor.writer_lock_free(folder).ok
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(folder.lock)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    finding = doctor.writer_lock_free(folder)
    assert not finding.ok and str(holder.pid) in finding.message and "wait" in finding.message
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    finding = doctor.writer_lock_free(folder)
    assert not finding.ok and "stale" in finding.message and str(holder.pid) in finding.message


def test_the_command_prints_and_exits_as_promised(folder: DataFolder) -> None:
    folder.company_yml.write_text("timezone: Mars/Olympus\n")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("loyalty")), "doctor", "--json"],
        env={**os.environ, "LOYALTY_DATA": str(folder.root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert {finding["check"]: finding["ok"] for finding in json.loads(done.stdout)}["company.yml"] is False


def test_who_may_enter(folder: DataFolder, tmp_path: Path) -> None:
    assert entrance.who_may_enter(folder).ok  # no file: nobody signs in, and local mode needs none
    path = folder.root / "access.yml"
    path.write_text("people:\n  - email: somebody@example.com\n    roles: [{role: boss}]\n")
    finding = entrance.who_may_enter(folder)
    assert not finding.ok and f"{path}, line 3" in finding.message and "somebody" not in finding.message
    path.write_text("people:\n  - email: somebody@example.com\n    roles: [{role: head, unit: sto}]\n")
    assert entrance.who_may_enter(folder).ok  # nothing is published yet that could know the unit


def test_a_role_on_a_unit_that_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "access.yml"
    path.write_text(
        "people:\n  - email: a@example.com\n    roles:\n      - {role: head, unit: sto}\n      - role: hr\n"
        "  - email: b@example.com\n    roles:\n      - role: head\n        unit: no-such\n"
    )
    assert unknown_units(path, {"sto", "acme"}) == [
        f"{path}, line 9: the organisation has no unit 'no-such', so this role opens nothing: correct the id, or deliver "
        "the unit in org_units"
    ]
    assert unknown_units(path, {"sto", "no-such"}) == []
