"""A failed run wakes somebody once, from cron too, and says what failed where; it never says who a customer is."""

import csv
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.alerts import deliver
from orchestration.defs import alerting
from orchestration.defs.alerting import TOLD, tell_failure, untold_failure
from orchestration.errors import ConfigurationError, PublishingError
from orchestration.folders import REPOSITORY, DataFolder
from orchestration.run import RunOutcome
from tests.alerts import servers
from tests.conftest import AS_OF

Refresh = Callable[[Path, datetime], RunOutcome]
CANARY = "canary-c41f7a90"
NAME, PHONE = "Wilhelmina Quackenbush", "13911112222"
CHANNELS = """\
name: 茶馆
language: zh
alerts:
- {kind: wecom, url_env: NIGHT_WECOM}
- {kind: dingtalk, url_env: NIGHT_DINGTALK, secret_env: NIGHT_SECRET}
- {kind: slack, url_env: NIGHT_SLACK}
"""


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[servers.Robot]:
    monkeypatch.setattr(deliver, "PAUSE_SECONDS", 0.01)
    with servers.robot() as here:
        yield here


@pytest.fixture
def company(tmp_path: Path, robot: servers.Robot, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """A company that alerts one robot."""
    folder = DataFolder(tmp_path / "data").create()
    folder.company_yml.write_text("name: Tea\nalerts: [{kind: wecom, url_env: NIGHT_WECOM}]\n", encoding="utf-8")
    monkeypatch.setenv("LOYALTY_DATA", str(folder.root))
    monkeypatch.setenv("NIGHT_WECOM", robot.url(f"/?key={CANARY}"))
    return folder


def told(robot: servers.Robot, number: int = 0) -> str:
    return robot.bodies[number]["text"]["content"]


def test_cron(tmp_path: Path, robot: servers.Robot) -> None:
    data = tmp_path / "data"
    delivery = data / "landing" / "customers" / "customers_2026-11-01.csv"
    delivery.parent.mkdir(parents=True)
    with delivery.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["source_system", "source_customer_id", "full_name", "phone", "registered_at"])
        writer.writerows(["crm", f"c{n}", NAME, PHONE, f"no time, {NAME}"] for n in range(30))
    (data / "company.yml").write_text(CHANNELS, encoding="utf-8")
    with servers.robot() as broken:
        broken.answers = [(500, f"oops {CANARY}")]
        done = subprocess.run(
            [sys.executable, "-c", "from orchestration.cli import main; main()", "run", "--as-of", AS_OF.isoformat()],
            cwd=REPOSITORY,
            env={
                # as bare as cron's
                "PATH": "/usr/bin:/bin",
                "HOME": str(tmp_path),
                "PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'data'}",
                "LOYALTY_DATA": str(data),
                "NIGHT_WECOM": robot.url(f"/wecom?key={CANARY}"),
                "NIGHT_DINGTALK": robot.url(f"/dingtalk?access_token={CANARY}"),
                "NIGHT_SECRET": f"SEC{CANARY}",
                "NIGHT_SLACK": broken.url(f"/services/{CANARY}"),
            },
            capture_output=True,
            text=True,
        )
        assert len(broken.paths) == 2, "tried twice"
    assert done.returncode == 1, done.stderr
    assert "error: raw/deliveries: deliveries_excess_quarantine" in done.stderr, "the run's own error stays the news"
    assert "alert NOT delivered by slack: HTTP status 500" in done.stderr
    assert "alert delivered by wecom" in done.stderr and "alert delivered by dingtalk" in done.stderr

    assert sorted(path.split("?")[0] for path in robot.paths) == ["/dingtalk", "/wecom"], "one alert per channel"
    (text,) = (body["text"]["content"] for body in robot.bodies if "text" in body)
    for part in (
        "茶馆：运行失败",
        "deliveries_excess_quarantine: 某次提交被拒收的行过多",
        "customers/customers_2026-11-01.csv line 2",
        "loyalty quarantine --dismiss",
        "尚未发布过任何版本",
        "运行：refresh ",
        str(data),
    ):
        assert part in text, (part, text)
    assert not any(value in str(robot.bodies) for value in (NAME, PHONE))

    output = (done.stdout + done.stderr).encode()
    assert CANARY.encode() not in output
    kept = [file for file in data.rglob("*") if file.is_file()]
    assert any(file.suffix == ".db" for file in kept), "Dagster's own log is among what is searched"
    assert [str(file) for file in kept if CANARY.encode() in file.read_bytes()] == []
    shown = [file for file in (data / "quality").rglob("*") if file.is_file()]
    assert any(file.name == "deliveries.html" for file in shown)
    assert [str(file) for file in shown if NAME.encode() in file.read_bytes()] == []


def fail(error: Exception) -> dg.JobDefinition:
    """A job with the hook, of which two steps fail side by side."""

    @dg.op
    def one() -> None:
        raise error

    @dg.op
    def other() -> None:
        raise error

    @dg.job(hooks={tell_failure}, executor_def=dg.in_process_executor)
    def night() -> None:
        one()
        other()

    return night


@pytest.mark.parametrize(
    ("error", "said", "unsaid"),
    [
        (PublishingError("the disk is full: free 3 MB"), "the disk is full: free 3 MB", "PublishingError"),
        (OSError(28, "No space left on device"), "No space left on device", None),
        (duckdb.IOException("IO Error: could not read block 3"), "could not read block 3", None),
        (duckdb.ConversionException(f"Could not convert '{PHONE}'"), "ConversionException", PHONE),
        (ValueError(NAME), "ValueError", NAME),
        (
            dg.Failure(f"stg_customers: could not convert {NAME}", metadata={"failed": ["stg_customers"]}),
            "stg_customers",
            NAME,
        ),
    ],
)
def test_the_hook_tells_once_and_no_cell(
    company: DataFolder, robot: servers.Robot, error: Exception, said: str, unsaid: str | None
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        result = fail(error).execute_in_process(instance=instance, raise_on_error=False)
        assert not result.success
        run = instance.get_run_by_id(result.run_id)
        assert run is not None and TOLD in run.tags
    assert len(robot.bodies) == 1, "one alert per run, not per step"
    assert said in told(robot) and f"night {result.run_id}" in told(robot)
    assert unsaid is None or unsaid not in told(robot)


def test_a_run_that_is_well_tells_nobody(company: DataFolder, robot: servers.Robot) -> None:
    @dg.op
    def fine() -> None:
        pass

    @dg.job(hooks={tell_failure}, executor_def=dg.in_process_executor)
    def night() -> None:
        fine()

    with dg.DagsterInstance.ephemeral() as instance:
        assert night.execute_in_process(instance=instance).success
    assert robot.bodies == []


def test_every_job_of_the_product_has_the_hook_and_the_sensor_is_on() -> None:
    from orchestration.definitions import defs

    for name in ("refresh", "backfill_dataset", "backfill_month"):
        assert tell_failure in defs.resolve_job_def(name).hook_defs, name
    assert defs.resolve_sensor_def("untold_failure").default_status is dg.DefaultSensorStatus.RUNNING


def test_the_sensor_tells_what_the_hook_could_not_and_nothing_twice(company: DataFolder, robot: servers.Robot) -> None:
    @dg.op
    def innocent() -> None:
        pass

    @dg.resource
    def broken(_: dg.InitResourceContext) -> None:
        raise ConfigurationError("company.yml: timezone is wrong")

    @dg.job(resource_defs={"broken": broken}, executor_def=dg.in_process_executor, hooks={tell_failure})
    def night() -> None:
        innocent.with_hooks({needs_broken})()

    with dg.DagsterInstance.ephemeral() as instance:
        result = night.execute_in_process(instance=instance, raise_on_error=False)
        assert not result.success and robot.bodies == [], "the hook was never asked"
        (failure,) = (event for event in result.all_events if event.is_run_failure)
        for _ in range(2):
            run = instance.get_run_by_id(result.run_id)
            assert run is not None
            context = dg.build_run_status_sensor_context("untold_failure", failure, instance, run)
            untold_failure(context.for_run_failure())
    assert len(robot.bodies) == 1
    assert "company.yml: timezone is wrong" in told(robot)


@pytest.mark.parametrize("understood", [True, False])
def test_the_sensor_tells_of_a_run_that_others_say_is_dead(
    company: DataFolder, robot: servers.Robot, monkeypatch: pytest.MonkeyPatch, understood: bool
) -> None:
    if not understood:
        monkeypatch.setattr(alerting, "problems_of", lambda *_: 1 / 0)
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(fail(ValueError(NAME)), status=dg.DagsterRunStatus.STARTED)
        failure = instance.report_run_failed(run)
        context = dg.build_run_status_sensor_context("untold_failure", failure, instance, run)
        untold_failure(context.for_run_failure())
    assert len(robot.bodies) == 1 and f"night {run.run_id}" in told(robot)
    assert ("marked as failed from outside" in told(robot)) == understood


@dg.success_hook(required_resource_keys={"broken"})
def needs_broken(context: dg.HookContext) -> None:
    """Makes the run ask for the resource."""


def test_a_wrong_company_yml_is_told_as_far_as_it_can_be_read(
    company: DataFolder, robot: servers.Robot, refresh: Refresh
) -> None:
    with company.company_yml.open("a", encoding="utf-8") as more:
        more.write("timezon: Asia/Shanghai\n")
    with pytest.raises(ConfigurationError, match="timezon"):
        refresh(company.root, AS_OF)
    assert len(robot.bodies) == 1
    assert "timezon" in told(robot) and "Tea: a run failed" in told(robot)


def test_a_person_s_own_mistake_on_the_command_line_wakes_nobody(company: DataFolder, robot: servers.Robot) -> None:
    from orchestration.run import run_refresh

    with pytest.raises(ConfigurationError, match="as_of"):
        run_refresh(company, "yesterday")
    assert robot.bodies == []


def test_a_run_that_gives_up_waiting_is_told(company: DataFolder, robot: servers.Robot, refresh: Refresh) -> None:
    with company.company_yml.open("a", encoding="utf-8") as more:
        more.write("lock_wait_minutes: 0\n")
    with company.lock.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        outcome = refresh(company.root, AS_OF)
    assert not outcome.succeeded
    assert len(robot.bodies) == 1
    assert "is still held by another run after 0 minutes" in told(robot)


def test_a_channel_that_fails_changes_nothing_about_the_run(
    company: DataFolder, robot: servers.Robot, capfd: pytest.CaptureFixture[str]
) -> None:
    os.environ["NIGHT_WECOM"] = "http://127.0.0.1:9/"
    with dg.DagsterInstance.ephemeral() as instance:
        result = fail(PublishingError("the disk is full")).execute_in_process(instance=instance, raise_on_error=False)
    assert not result.success
    assert [event for event in result.all_events if event.is_hook_event and "ERROR" in event.event_type_value] == []
    assert "alert NOT delivered by wecom: no connection: Connection refused" in capfd.readouterr().err
