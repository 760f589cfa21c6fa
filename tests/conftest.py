"""One demo company and one published version of it, built once; and the means to run the real job on any folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.folders import DataFolder
from orchestration.run import RunOutcome, run_refresh

AS_OF = datetime(2026, 11, 8, 1, 30, tzinfo=UTC)


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
def demo_landing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo company's folder, never run: tests copy it."""
    import demo_company

    data = tmp_path_factory.mktemp("demo") / "data"
    demo_company.write(data, customers=1_500, months=14)
    return data


@pytest.fixture(scope="session")
def demo_run(
    demo_landing: Path, run_pipeline: Callable[[Path, datetime], Path], tmp_path_factory: pytest.TempPathFactory
) -> CompanyRun:
    """The demo company after one run; tests read it and change nothing."""
    data = tmp_path_factory.mktemp("demo_run") / "data"
    shutil.copytree(demo_landing, data)
    return CompanyRun(data, AS_OF, run_pipeline(data, AS_OF))


@pytest.fixture
def demo_copy(demo_landing: Path, tmp_path: Path) -> Path:
    """A demo company of the test's own, to deliver to, break and run."""
    return Path(shutil.copytree(demo_landing, tmp_path / "data"))


@pytest.fixture(scope="session")
def empty_run(run_pipeline: Callable[[Path, datetime], Path], tmp_path_factory: pytest.TempPathFactory) -> CompanyRun:
    """A company that delivered nothing, after one run."""
    data = tmp_path_factory.mktemp("empty") / "data"
    data.mkdir()
    return CompanyRun(data, AS_OF, run_pipeline(data, AS_OF))
