"""One demo company and one published version of it, built once; and the means to run the real job on any folder.

`pytest` runs in one process, `pytest -n 2 --dist loadfile` (`make test`) in two that share what is built once.
`HYPOTHESIS_PROFILE=explore` looks for new counterexamples where the default tries the same ones every time.
"""

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from orchestration import cli, dbt
from orchestration.folders import DataFolder
from orchestration.run import RunOutcome, run_refresh

AS_OF = datetime(2026, 11, 8, 1, 30, tzinfo=UTC)
BuiltOnce = Callable[[str, Callable[[Path], object]], Path]
# The long ones, so that no worker is left alone with one of them at the end.
FIRST = (
    "test_crashes",
    "test_same_input_same_numbers",
    "test_role_matrix",
    "test_gates_end_to_end",
    "test_duckdb_2",
    "test_garbage",
)

gc.set_threshold(*cli.GARBAGE_THRESHOLDS)  # runs within pytest's process cost what they cost behind the command

settings.register_profile("repeatable", derandomize=True, deadline=None)  # machines are shared, and slow at times
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_sessionstart(session: pytest.Session) -> None:
    """dbt's project is parsed before there are workers, or both would write its manifest at once."""
    if getattr(session.config.option, "numprocesses", None):
        dbt.ensure_manifest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the order, but for the long files."""
    items.sort(key=lambda item: FIRST.index(item.path.stem) if item.path.stem in FIRST else len(FIRST))


@dataclass(frozen=True)
class CompanyRun:
    """A company folder after one run, the moment it speaks for, and the version that came out."""

    data: Path
    as_of: datetime
    published: Path


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """No test may touch a company's real folder."""
    before = dict(os.environ)
    os.environ.pop("LOYALTY_DATA", None)
    os.environ["DO_NOT_TRACK"] = "1"
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def refresh() -> Callable[[Path, datetime], RunOutcome]:
    """Run the job as `loyalty run` does, in this process; the outcome may be a failure."""

    def run(data: Path, as_of: datetime = AS_OF) -> RunOutcome:
        before = {name: os.environ.get(name) for name in ("LOYALTY_DATA", "DAGSTER_HOME")}
        os.environ["LOYALTY_DATA"] = str(data)
        try:
            return run_refresh(DataFolder(data), as_of.isoformat())
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)

    return run


@pytest.fixture(scope="session")
def run_pipeline(refresh: Callable[[Path, datetime], RunOutcome]) -> Callable[[Path, datetime], Path]:
    """Run the job and return the published version's folder; a failed run fails the test with its problems."""

    def run(data: Path, as_of: datetime = AS_OF) -> Path:
        outcome = refresh(data, as_of)
        assert outcome.succeeded, "\n".join(outcome.problems)
        return (data / "published" / "current").resolve()

    return run


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> BuiltOnce:
    """`built_once(name, build)`: the folder that `build` filled, in this worker or in another that came first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def get(name: str, build: Callable[[Path], object]) -> Path:
        data, done = shared / name / "data", shared / name / "done"
        (shared / name).mkdir(exist_ok=True)
        with (shared / name / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(data, ignore_errors=True)
                data.mkdir()
                build(data)
                done.touch()
        return data

    return get


@pytest.fixture(scope="session")
def demo_landing(built_once: BuiltOnce) -> Path:
    """A small demo company's folder, never run: tests copy it."""
    import demo_company

    return built_once("demo", lambda data: demo_company.write(data, customers=1_500, months=14))


@pytest.fixture(scope="session")
def demo_run(demo_landing: Path, run_pipeline: Callable[[Path, datetime], Path], built_once: BuiltOnce) -> CompanyRun:
    """The demo company after one run; tests read it, change nothing and copy the warehouse before they open it."""

    return company_run(built_once("demo_run", after_a_run(demo_landing, run_pipeline)))


def after_a_run(landing: Path, run_pipeline: Callable[[Path, datetime], Path]) -> Callable[[Path], None]:
    """What fills a folder with a company that was delivered and run once."""

    def build(data: Path) -> None:
        shutil.copytree(landing, data, dirs_exist_ok=True)
        run_pipeline(data, AS_OF)

    return build


def company_run(data: Path) -> CompanyRun:
    return CompanyRun(data, AS_OF, (data / "published" / "current").resolve())


@pytest.fixture(scope="session")
def small_landing(built_once: BuiltOnce) -> Path:
    """As `demo_landing`, with all its traps and few customers: for tests that run the job again and again."""
    import demo_company

    return built_once("small", lambda data: demo_company.write(data, customers=300, months=8))


@pytest.fixture(scope="session")
def small_run(small_landing: Path, run_pipeline: Callable[[Path, datetime], Path], built_once: BuiltOnce) -> CompanyRun:
    """As `demo_run`, of `small_landing`."""

    return company_run(built_once("small_run", after_a_run(small_landing, run_pipeline)))


@pytest.fixture
def demo_copy(demo_landing: Path, tmp_path: Path) -> Path:
    """A demo company of the test's own, to deliver to, break and run."""
    return Path(shutil.copytree(demo_landing, tmp_path / "data"))


@pytest.fixture(scope="session")
def empty_run(run_pipeline: Callable[[Path, datetime], Path], built_once: BuiltOnce) -> CompanyRun:
    """A company that delivered nothing, after one run; as with `demo_run`, nobody changes it."""
    return company_run(built_once("empty_run", lambda data: run_pipeline(data, AS_OF)))
