"""What a version holds, and that it is whole before anybody can see it."""

import hashlib
import json
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from publishing_steps import Killed, fail_at_step

from orchestration.errors import PublishingError
from orchestration.folders import DataFolder
from orchestration.publishing.contract import PublishedTable
from orchestration.publishing.verify import verify
from orchestration.publishing.versions import current_version, version_names
from orchestration.publishing.write import write_tables


def test_nothing_published_yet(folder: DataFolder) -> None:
    assert current_version(folder) is None
    assert verify(folder) == [f"{folder.published}: nothing was published yet; run: loyalty run"]


def test_a_version_says_what_made_it(
    folder: DataFolder, publish_again: Callable, warehouse: duckdb.DuckDBPyConnection
) -> None:
    folder.company_yml.write_text("name: Demo\n")
    folder.demo_mark.write_text("{}")
    warehouse.execute("create schema identity")
    warehouse.execute("create table identity.state as select '000001-abcdef' as name")
    version = publish_again()
    content = json.loads((version.path / "manifest.json").read_text())
    assert content["version"] == version.name == (folder.published / "current").readlink().name
    assert content["as_of"] == "2025-07-01T16:00:00Z"
    assert content["run_id"] == "run-1"
    assert content["deliveries"] == [
        {"dataset": "orders", "sha256": "a" * 64, "path": "orders/2025.csv", "status": "loaded"}
    ]
    assert content["configuration"]["company_yml_sha256"] == hashlib.sha256(b"name: Demo\n").hexdigest()
    assert content["configuration"]["settings"]["timezone"] == "Asia/Shanghai"
    assert content["identity_state"] == "000001-abcdef"
    assert content["demo"] is version.demo is True
    assert len(content["code"]["sha256"]) == 64
    assert content["tables"]["kpi_values"]["rows"] == version.rows["kpi_values"] == 200
    assert content["tables"]["data_quality"]["digest"] is None
    assert content["profiles"] == ["customers"] and "customers" not in content["tables"]
    assert current_version(folder) == version
    assert verify(folder) == []


def test_files_are_zstd_parquet_sorted_by_key(publish_again: Callable, warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("create or replace table kpi_values as select * from kpi_values order by hash(n)")
    file = str(publish_again().path / "kpi_values.parquet")
    rows = warehouse.execute("select kpi_id, period_start from read_parquet(?)", [file]).fetchall()
    assert rows == sorted(rows) and len(rows) == 200
    codecs = warehouse.execute("select distinct compression from parquet_metadata(?)", [file]).fetchall()
    assert codecs == [("ZSTD",)]


def test_profiles_are_for_the_owner_only_and_only_in_the_current_version(publish_again: Callable) -> None:
    first = publish_again()
    profiles = first.path / "profiles"
    assert stat.S_IMODE(profiles.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in profiles.iterdir()} == {0o600}
    assert sorted(path.name for path in profiles.iterdir()) == ["customers.parquet", "manifest.json", "manifest.sha256"]
    second = publish_again()
    assert not profiles.exists() and (second.path / "profiles").exists()


def test_an_older_version_stays_whole_without_its_profiles(folder: DataFolder, publish_again: Callable) -> None:
    first = publish_again()
    publish_again()
    assert verify(folder, first.name) == []


def test_names_sort_by_time_and_never_collide(folder: DataFolder, publish_again: Callable) -> None:
    names = [publish_again().name for _ in range(4)]
    assert names == sorted(names) == version_names(folder.published) and len(set(names)) == 4


def test_only_the_newest_are_kept_and_never_less_than_the_current(folder: DataFolder, publish_again: Callable) -> None:
    names = [publish_again(keep=2).name for _ in range(4)]
    assert version_names(folder.published) == names[-2:]
    served = publish_again(keep=1)
    assert version_names(folder.published) == [served.name]


def test_a_served_version_older_than_all_others_survives_retention(folder: DataFolder, publish_again: Callable) -> None:
    served = publish_again()
    for day in (1, 2, 3):  # as if the clock had once run ahead
        (folder.published / f"2199010{day}T000000.000000Z-00000000").mkdir()
    served = publish_again(keep=2)
    assert current_version(folder) == served
    assert verify(folder) == []


def test_left_overs_are_swept_and_said(folder: DataFolder, publish_again: Callable) -> None:
    draft = folder.published / ".tmp-dead"
    draft.mkdir()
    (draft / "kpis.parquet").write_bytes(b"half")
    (folder.published / ".tmp-link").symlink_to("nowhere")
    said: list[str] = []
    publish_again(said=said)
    assert not [path for path in folder.published.iterdir() if path.name.startswith(".tmp-")]
    assert "removed .tmp-dead, left over by an interrupted run" in said


@pytest.mark.parametrize("after", ["alter", "truncate"])
def test_any_flipped_byte_names_the_file(folder: DataFolder, publish_again: Callable, after: str) -> None:
    version = publish_again()
    files = sorted(path for path in version.path.rglob("*") if path.is_file())
    assert len(files) == 10  # four tables, their manifests, two pages of the handbook
    for path in files:
        whole = path.read_bytes()
        middle = len(whole) // 2
        path.write_bytes(
            whole[:middle] + (bytes([whole[middle] ^ 1]) + whole[middle + 1 :] if after == "alter" else b"")
        )
        problems = verify(folder)
        manifest = path.with_name("manifest.json")
        assert problems, path
        assert all(str(path) in problem or str(manifest) in problem for problem in problems), problems
        path.write_bytes(whole)
    assert verify(folder) == []


def test_missing_and_foreign_files_are_named(folder: DataFolder, publish_again: Callable) -> None:
    version = publish_again()
    (version.path / "labels.parquet").unlink()
    (version.path / "stray.txt").write_text("?")
    assert verify(folder) == [
        f"{version.path / 'stray.txt'}: not named in the manifest",
        f"{version.path / 'labels.parquet'}: missing",
    ]
    assert verify(folder, "../elsewhere") == [f"{folder.published / '../elsewhere'}: there is no such version"]


def test_the_manifest_can_be_checked_with_standard_tools(publish_again: Callable) -> None:
    version = publish_again()
    checked = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=version.path, capture_output=True, check=False)
    assert checked.returncode == 0


def steps_of_one_publication(publish_again: Callable) -> int:
    with fail_at_step(10**9) as counter:
        publish_again()
    return counter.steps


def test_a_kill_at_any_step_leaves_a_whole_version_served_and_the_next_run_mends(
    folder: DataFolder, publish_again: Callable, warehouse: duckdb.DuckDBPyConnection
) -> None:
    publish_again()
    warehouse.execute("update labels set en = 'changed'")
    steps = steps_of_one_publication(publish_again)
    assert steps > 15
    for step in range(steps):
        before = current_version(folder)
        warehouse.execute("update labels set en = ?", [f"changed {step}"])
        with fail_at_step(step, Killed), pytest.raises(Killed):
            publish_again()
        after = current_version(folder)
        assert before and after and verify(folder) == []
        switched = after.name != before.name
        mended = publish_again()
        assert verify(folder) == []
        assert not switched or mended.digest == after.digest
        assert [
            name for name in version_names(folder.published) if (folder.published / name / "profiles").exists()
        ] == [mended.name]


def test_a_full_disk_at_any_step_says_so_and_what_stays_served(folder: DataFolder, publish_again: Callable) -> None:
    served = publish_again()
    steps = steps_of_one_publication(publish_again)
    served = current_version(folder)
    assert served
    refused = 0
    for step in range(steps):
        before = current_version(folder)
        try:
            with fail_at_step(step, lambda: OSError(28, "No space left on device")):
                publish_again()
        except PublishingError as problem:
            refused += 1
            current = current_version(folder)
            assert (current and f"{current.name} stays served" in str(problem)) or "is published and served" in str(
                problem
            )
            if current == before:
                assert "the version needs" in str(problem)
        assert verify(folder) == []
        assert not list(folder.published.glob(".tmp-*/*.parquet"))
    assert refused > 15


def test_a_really_full_disk_says_how_much_is_missing(
    folder: DataFolder, publish_again: Callable, warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file goes to /dev/full, which refuses every byte, as a full disk does; free space is as if 1,000 bytes were left."""
    served = publish_again()
    warehouse.execute("insert into labels select uuid()::varchar, uuid()::varchar from range(20000)")

    def onto_a_full_disk(connection: duckdb.DuckDBPyConnection, tables: list[PublishedTable], draft: Path) -> dict:
        (draft / "labels.parquet").symlink_to("/dev/full")
        return write_tables(connection, tables, draft)

    monkeypatch.setattr("orchestration.publishing.publish.write_tables", onto_a_full_disk)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(
        PublishingError, match=r"the disk is full: the version needs 0\.\d MB, 0\.0 MB are free"
    ) as problem:
        publish_again()
    assert "free at least 0." in str(problem.value) and f"{served.name} stays served" in str(problem.value)
    assert current_version(folder) == served


def test_readers_see_the_old_or_the_new_version_during_every_switch(
    folder: DataFolder, publish_again: Callable
) -> None:
    """Another process reads through `current` all the time while versions are switched."""
    publish_again()
    link = folder.published / "current"
    reader = subprocess.Popen(
        ["sh", "-c", 'while [ ! -e "$1/stop" ]; do cat "$0/manifest.json" > /dev/null || exit 1; done', str(link), str(folder.root)],
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        for _ in range(10):
            publish_again()
    finally:
        (folder.root / "stop").touch()
    assert reader.wait(timeout=20) == 0, reader.stderr and reader.stderr.read()


def test_a_folder_in_the_place_of_the_link_is_refused(folder: DataFolder, publish_again: Callable) -> None:
    (folder.published / "current").mkdir()
    with pytest.raises(PublishingError, match="must be a symlink"):
        publish_again()
