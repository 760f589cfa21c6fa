"""From the demo company to a company's own numbers: invented rows are marked for as long as there are any, then gone."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.publishing.versions import version_names
from orchestration.run import RunOutcome
from orchestration.warehouse import writer_lock
from tests.conftest import AS_OF, CompanyRun

ORDERS = "source_system,order_id,ordered_at,net_amount\npos,1,2026-09-01T10:00:00+08:00,10\n"
Refresh = Callable[[Path, datetime], RunOutcome]


@pytest.fixture
def data(small_run: CompanyRun, tmp_path: Path) -> Path:
    """A demo company of the test's own, after one run."""
    return Path(shutil.copytree(small_run.data, tmp_path / "data", symlinks=True))


def deliver(data: Path) -> None:
    own = data / "landing" / "orders" / "mine.csv"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(ORDERS)


def manifest(data: Path) -> dict:
    return json.loads((data / "published" / "current" / "manifest.json").read_text())


def test_a_demo_company_whose_landing_was_lost_is_still_published_as_one(data: Path, refresh: Refresh) -> None:
    shutil.rmtree(data / "landing")
    assert refresh(data, AS_OF).succeeded
    assert manifest(data)["deliveries"] and manifest(data)["demo"] is True


def test_own_files_are_refused_until_the_demo_is_removed_and_then_alone(data: Path, refresh: Refresh) -> None:
    deliver(data)
    with pytest.raises(ConfigurationError, match="loyalty demo --remove"):
        refresh(data, AS_OF)
    shutil.rmtree(data / "landing")
    deliver(data)
    with pytest.raises(ConfigurationError, match="loyalty demo --remove"):
        refresh(data, AS_OF)

    told = {"LOYALTY_DATA": str(data)}
    with writer_lock(DataFolder(data).lock, wait_minutes=0):
        done = CliRunner().invoke(main, ["demo", "--remove"], env=told)
        assert done.exit_code == 1 and manifest(data)["demo"], "never under a run's hands"
    assert CliRunner().invoke(main, ["demo", "--remove"], env=told).exit_code == 0
    assert not version_names(data / "published")

    assert refresh(data, AS_OF).succeeded
    assert manifest(data)["demo"] is False
    assert [delivery["path"] for delivery in manifest(data)["deliveries"]] == ["orders/mine.csv"]
    assert len(list((data / "state" / "identity").iterdir())) == 1, "customer ids begin anew"


def test_a_mixture_is_refused_in_dagster_too(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The schedule and the sensor start the job without asking the command first."""
    import dagster as dg

    from orchestration.definitions import defs

    deliver(data)
    monkeypatch.setenv("LOYALTY_DATA", str(data))
    before = sorted((data / "deliveries").rglob("*"))
    with dg.DagsterInstance.ephemeral() as instance:
        result = defs.resolve_job_def("refresh").execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    assert sorted((data / "deliveries").rglob("*")) == before
