"""Late numbers are seen in Dagster, by `loyalty doctor`, and by whom doctor is told to wake."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.defs.freshness import published_in_time
from orchestration.doctor import published_in_time as finding
from orchestration.doctor import published_unchanged as served_files
from orchestration.folders import DataFolder
from tests.alerts import servers


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    folder = DataFolder(tmp_path / "data").create()
    monkeypatch.setenv("LOYALTY_DATA", str(folder.root))
    return folder


@pytest.fixture
def robot(company: DataFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Robot]:
    company.company_yml.write_text("name: Tea\nalerts: [{kind: wecom, url_env: NIGHT_WECOM}]\n", encoding="utf-8")
    with servers.robot() as here:
        monkeypatch.setenv("NIGHT_WECOM", here.url("/"))
        yield here


def published(folder: DataFolder, hours_ago: float) -> None:
    version = folder.published / "v1"
    version.mkdir(exist_ok=True)
    created_at = (datetime.now(UTC) - timedelta(hours=hours_ago)).isoformat().replace("+00:00", "Z")
    manifest = {"as_of": created_at, "created_at": created_at, "digest": "d", "demo": False, "tables": {}}
    (version / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    current = folder.published / "current"
    current.unlink(missing_ok=True)
    current.symlink_to("v1")


def test_every_published_table_has_a_policy() -> None:
    from orchestration.definitions import defs

    graph = defs.resolve_asset_graph()
    having = {key for key in graph.materializable_asset_keys if graph.get(key).freshness_policy is not None}
    scorecards = {key for key in graph.materializable_asset_keys if graph.get(key).group_name == "scorecards"}
    assert dg.AssetKey("kpi_values") in scorecards
    assert having == scorecards | {dg.AssetKey("published_version")}


def test_company_yml_says_when_numbers_are_late(company: DataFolder) -> None:
    hour = timedelta(hours=1)
    assert published_in_time() == dg.FreshnessPolicy.time_window(warn_window=26 * hour, fail_window=50 * hour)
    company.company_yml.write_text("published_within_hours: 3\n")
    assert published_in_time() == dg.FreshnessPolicy.time_window(warn_window=3 * hour, fail_window=27 * hour)
    company.company_yml.write_text("published_within_hours: [\n")
    assert published_in_time() == dg.FreshnessPolicy.time_window(warn_window=26 * hour, fail_window=50 * hour)


def test_doctor_sees_late_numbers(company: DataFolder) -> None:
    assert finding(company).ok, "nothing was published yet"
    published(company, 25)
    assert finding(company).ok
    published(company, 27)
    late = finding(company)
    assert not late.ok and "27.0 hours ago" in late.message and "loyalty run" in late.message
    company.company_yml.write_text("published_within_hours: 30\n")
    assert finding(company).ok


@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", "dangling", '{"created_at": 3}', "\udcff"])
def test_doctor_sees_that_what_is_served_is_damaged(company: DataFolder, manifest: str) -> None:
    published(company, 1)
    file = company.published / "v1" / "manifest.json"
    file.write_text(manifest, encoding="utf-8", errors="surrogateescape")
    if manifest == "dangling":
        file.unlink()
        file.parent.rmdir()
    found = finding(company)
    assert not found.ok and str(file) in found.message and "publish again with: loyalty run" in found.message


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(b"other"), Path.unlink])
def test_doctor_sees_that_a_served_table_is_not_what_was_published(
    company: DataFolder, damage: Callable[[Path], object]
) -> None:
    assert served_files(company).ok, "nothing was published yet"
    published(company, 1)
    version = company.published / "v1"
    file = version / "scorecards.parquet"
    file.write_bytes(b"as published")
    manifest = json.loads((version / "manifest.json").read_text())
    manifest["tables"] = {"scorecards": {"file": file.name, "rows": 1, "sha256": sha256(b"as published").hexdigest()}}
    (version / "manifest.json").write_text(json.dumps(manifest))
    assert served_files(company).ok
    damage(file)
    found = served_files(company)
    assert not found.ok and str(file) in found.message and "Publish again with: loyalty run" in found.message
    (version / "manifest.json").write_text("{")
    assert served_files(company).ok and not finding(company).ok, "which is said once"


def test_doctor_wakes_somebody_when_asked(company: DataFolder, robot: servers.Robot) -> None:
    published(company, 60)
    quiet = CliRunner().invoke(main, ["doctor"])
    assert quiet.exit_code == 1 and robot.bodies == []
    loud = CliRunner().invoke(main, ["doctor", "--alert"])
    assert loud.exit_code == 1
    (body,) = robot.bodies
    assert "Tea: needs a look" in body["text"]["content"] and "• published: 60.0 hours ago" in body["text"]["content"]


def test_a_test_alert_and_what_keeps_it_from_getting_through(
    company: DataFolder, robot: servers.Robot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = CliRunner().invoke(main, ["doctor", "--send-test-alert"])
    assert sent.exit_code == 0 and "alert delivered by wecom" in sent.output
    assert "Tea: a test" in robot.bodies[0]["text"]["content"]
    monkeypatch.delenv("NIGHT_WECOM")
    unsent = CliRunner().invoke(main, ["doctor", "--send-test-alert"])
    assert unsent.exit_code == 1 and "NIGHT_WECOM is not set" in unsent.output
    examined = CliRunner().invoke(main, ["doctor", "--json"])
    (alerts,) = (one for one in json.loads(examined.stdout) if one["check"] == "alerts")
    assert not alerts["ok"] and "NIGHT_WECOM (wecom)" in alerts["message"]
    company.company_yml.write_text("name: Tea\n")
    nobody = CliRunner().invoke(main, ["doctor", "--send-test-alert"])
    assert nobody.exit_code == 2 and "names no channel" in nobody.output
