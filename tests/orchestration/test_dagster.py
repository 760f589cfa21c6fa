"""What a data engineer finds in Dagster: one graph from landing to publication, a schedule and a sensor that are on."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.defs.automation import landing_changed, nightly
from orchestration.folders import REPOSITORY, DataFolder
from orchestration.run import prepare_dagster_home

DEFS = REPOSITORY / "orchestration" / "defs"


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataFolder]:
    folder = DataFolder(tmp_path / "data").create()
    monkeypatch.setenv("LOYALTY_DATA", str(folder.root))
    monkeypatch.setenv("DAGSTER_HOME", str(folder.dagster_home))
    prepare_dagster_home(folder)
    yield folder


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    from orchestration.definitions import defs

    return defs


def test_every_asset_has_a_group_and_a_description(defs: dg.Definitions) -> None:
    made = defs.resolve_asset_graph().materializable_asset_keys
    specs = [spec for spec in defs.resolve_all_asset_specs() if spec.key in made]
    assert len(specs) > 80
    for spec in specs:
        assert spec.group_name not in (None, "default"), spec.key
        assert spec.description and len(spec.description) > 20, spec.key


def test_the_graph_leads_from_landing_to_publication(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    upstream, waiting = set(), [dg.AssetKey("published_version")]
    while waiting:
        key = waiting.pop()
        if key not in upstream:
            upstream.add(key)
            waiting += graph.get(key).parent_keys
    for wanted in (
        ["raw", "orders"],
        ["stg_orders"],
        ["identity", "memberships"],
        ["kpi_values"],
        ["raw", "deliveries"],
    ):
        assert dg.AssetKey(wanted) in upstream


def test_no_asset_is_written_and_never_loaded(defs: dg.Definitions) -> None:
    loaded = set(defs.resolve_asset_graph().get_all_asset_keys())
    written = {
        key
        for module in (importlib.import_module(f"orchestration.defs.{file.stem}") for file in DEFS.glob("[a-z]*.py"))
        for value in vars(module).values()
        if isinstance(value, dg.AssetsDefinition)
        for key in value.keys
    }
    assert len(written) > 3
    assert written <= loaded


def test_both_gates_block(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    checks = {key.name: graph.get_check_spec(key).blocking for key in graph.asset_check_keys}
    for name in (
        "deliveries_unbalanced",
        "deliveries_excess_quarantine",
        "kpi_values_value_out_of_bounds",
        "targets_weights_off",
    ):
        assert checks[name], name
    assert not checks["deliveries_volume"]


def test_the_job_runs_in_one_process(defs: dg.Definitions) -> None:
    assert defs.resolve_job_def("refresh").executor_def.name == "in_process"


def test_nightly_in_the_company_s_time_zone_and_on(company: DataFolder) -> None:
    company.company_yml.write_text("timezone: Europe/Berlin\n")
    schedule = nightly()
    assert schedule.execution_timezone == "Europe/Berlin"
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    company.company_yml.write_text("timezone: [\n")
    assert nightly().execution_timezone == "Asia/Shanghai", "a broken company.yml must not keep Dagster from starting"


def test_the_sensor_waits_until_landing_stands_still_and_asks_once(company: DataFolder) -> None:
    assert landing_changed.default_status is dg.DefaultSensorStatus.RUNNING

    def tick(cursor: str | None) -> tuple[int, str | None]:
        with dg.DagsterInstance.ephemeral() as instance:
            result = landing_changed(dg.build_sensor_context(instance=instance, cursor=cursor))
        assert isinstance(result, dg.SensorResult)
        return len(result.run_requests or []), result.cursor

    asked, cursor = tick(None)
    assert asked == 0, "nothing lies in landing"
    orders = company.landing / "orders"
    orders.mkdir()
    (orders / "a.csv").write_text("x")
    asked, cursor = tick(cursor)
    assert asked == 0, "it may still be growing"
    (orders / "a.csv").write_text("xy")
    asked, cursor = tick(cursor)
    assert asked == 0, "it grew"
    asked, cursor = tick(cursor)
    assert asked == 1
    (orders / "b.csv.part").write_text("unfinished")
    asked, cursor = tick(cursor)
    assert asked == 0, "one delivery, one run; unfinished files don't count"


def test_dg_finds_nothing_wrong(company: DataFolder) -> None:
    venv = Path(sys.prefix)
    done = subprocess.run(
        [str(venv / "bin" / "dg"), "check", "defs"],
        cwd=REPOSITORY,
        env={**os.environ, "VIRTUAL_ENV": str(venv)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All definitions loaded successfully" in done.stdout + done.stderr
