"""What may be gone in a minute is tried again, with growing pauses; what would fail again ends the run at once."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.dbt import DbtFailed, NodeResult
from orchestration.defs import landing, retries, transformation
from orchestration.defs.retries import is_passing, passing_faults_retried
from orchestration.errors import ConfigurationError, LockHeld, PublishingError
from orchestration.folders import DataFolder
from orchestration.run import prepare_dagster_home

LOCKED = 'IO Error: Could not set lock on file "loyalty.duckdb": Conflicting lock is held in python (PID 7)'


def because(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


PASSING = [
    OSError(errno.EIO, "Input/output error"),
    OSError(errno.EBUSY, "Device or resource busy"),
    OSError(errno.ESTALE, "Stale file handle"),
    TimeoutError(errno.ETIMEDOUT, "Connection timed out"),
    duckdb.IOException(LOCKED),
    DbtFailed(f"dbt build: Runtime Error\n  {LOCKED}"),
    because(PublishingError("the new version could not be written"), OSError(errno.EIO, "Input/output error")),
]
LASTING = [
    ConfigurationError("company.yml: timezone"),
    LockHeld("another run"),
    ValueError("a bug"),
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(errno.EACCES, "Permission denied"),
    FileNotFoundError(errno.ENOENT, "No such file or directory"),
    duckdb.IOException("IO Error: Could not write file: No space left on device"),
    duckdb.ConversionException("Could not convert string"),
    DbtFailed("dbt parse: Compilation Error"),
    dg.Failure("dbt: 1 of 30 failed", allow_retries=False),
]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_WAIT_SECONDS", 0.001)


def run(step: Callable[[int], None]) -> tuple[bool, int, str]:
    """A one-step job around `step`, which is told the number of its attempt; success, attempts, what ended it."""
    attempts = []

    @dg.op
    def work() -> None:
        with passing_faults_retried():
            attempts.append(1)
            step(len(attempts))

    @dg.job(executor_def=dg.in_process_executor)
    def night() -> None:
        work()

    with dg.DagsterInstance.ephemeral() as instance:
        result = night.execute_in_process(instance=instance, raise_on_error=False)
    errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    return result.success, len(attempts), str(errors[0]) if errors else ""


@pytest.mark.parametrize("error", PASSING, ids=lambda error: str(error)[:40])
def test_a_passing_fault_is_got_over(error: Exception) -> None:
    def once(attempt: int) -> None:
        if attempt == 1:
            raise error

    assert run(once) == (True, 2, "")


@pytest.mark.parametrize("error", LASTING, ids=lambda error: f"{type(error).__name__} {error}"[:40])
def test_what_would_fail_again_ends_the_run(error: Exception) -> None:
    def always(_: int) -> None:
        raise error

    success, attempts, ended_by = run(always)
    assert (success, attempts) == (False, 1)
    assert str(getattr(error, "description", None) or error) in ended_by


def test_a_fault_that_stays_fails_with_its_own_words_after_four_attempts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(retries, "say", said.append)
    monkeypatch.setattr(retries, "FIRST_WAIT_SECONDS", 0.01)

    def always(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    success, attempts, ended_by = run(always)
    assert (success, attempts) == (False, 4)
    assert "Input/output error" in ended_by and "max_retries" not in ended_by
    assert [line.split(" in ")[1] for line in said] == ["0.01 s, 1 of 3", "0.02 s, 2 of 3", "0.04 s, 3 of 3"]


def test_the_pauses_of_a_real_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert [retries.FIRST_WAIT_SECONDS * 2**attempt for attempt in range(retries.RETRIES)] == [10, 20, 40]


def test_an_error_that_refers_to_itself_ends() -> None:
    error = ValueError("a ring")
    error.__context__ = other = KeyError("b")
    other.__context__ = error
    assert not is_passing(error)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    folder = DataFolder(tmp_path / "data").create()
    monkeypatch.setenv("LOYALTY_DATA", str(folder.root))
    monkeypatch.setenv("DAGSTER_HOME", str(folder.dagster_home))
    prepare_dagster_home(folder)
    return folder


def part_of_the_job(*assets: dg.AssetKey) -> dg.ExecuteInProcessResult:
    from orchestration.definitions import defs

    with dg.DagsterInstance.ephemeral() as instance:
        return defs.resolve_job_def("refresh").execute_in_process(
            instance=instance, asset_selection=list(assets), raise_on_error=False
        )


def test_loading_is_a_step_that_is_tried_again(company: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    load, calls = landing.load_deliveries, []

    def hiccup(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise OSError(errno.ESTALE, "Stale file handle")
        return load(*args)

    monkeypatch.setattr(landing, "load_deliveries", hiccup)
    from orchestration.definitions import defs

    raw = [key for key in defs.resolve_asset_graph().materializable_asset_keys if key.path[0] == "raw"]
    result = part_of_the_job(*raw)
    assert result.success and len(calls) == 2
    assert [event.step_key for event in result.all_events if event.is_step_up_for_retry] == ["load_deliveries"]
    assert {event.asset_key for event in result.get_asset_materialization_events()} == set(raw)


@pytest.mark.parametrize(("message", "builds"), [(LOCKED, 2), ("Got 3 results, configured to fail if != 0", 1)])
def test_dbt_s_io_errors_are_tried_again_and_its_failures_not(
    company: DataFolder, monkeypatch: pytest.MonkeyPatch, message: str, builds: int
) -> None:
    model = "model.loyalty.stg_orders"
    calls = []

    def build(*_: Any, **__: Any) -> list[NodeResult]:
        calls.append(1)
        failed = len(calls) == 1 or builds == 1
        return [
            NodeResult(model, "stg_orders", "model", "error" if failed else "success", message if failed else "", 0)
        ]

    monkeypatch.setattr(transformation.dbt, "build", build)
    result = part_of_the_job(dg.AssetKey("stg_orders"))
    assert len(calls) == builds
    assert result.success is (builds == 2)
    if not result.success:
        (failure,) = (event.step_failure_data for event in result.all_events if event.is_step_failure)
        assert failure.user_failure_data is not None
        assert failure.user_failure_data.metadata["failed"].value == ["stg_orders"]
