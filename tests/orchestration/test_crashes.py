"""A crash anywhere leaves the last version served, and the next run finishes the work; two runs never mix."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.folders import DataFolder
from orchestration.publishing.verify import verify
from tests.conftest import AS_OF

LOYALTY = str(Path(sys.executable).with_name("loyalty"))
# Moments to kill at, one in each equal part of a run; `.ci/run` asks for more.
MOMENTS = int(os.environ.get("CRASH_MOMENTS", "2"))


def start(data: Path, as_of: datetime) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [LOYALTY, "run", "--as-of", as_of.isoformat()],
        env={**os.environ, "LOYALTY_DATA": str(data)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    _, said = process.communicate(timeout=500)
    assert process.returncode == 0, said
    return said


def served(data: Path) -> tuple[str, str]:
    """Name and digest of the version that readers get, after checking every byte of it."""
    assert verify(DataFolder(data)) == []
    current = (data / "published" / "current").resolve()
    return current.name, json.loads((current / "manifest.json").read_text())["digest"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import demo_company

    data = tmp_path_factory.mktemp("tiny") / "data"
    demo_company.write(data, customers=120, months=4)
    for mark in data.glob("*/.demo.json"):
        mark.unlink()  # a company's own files, which may come and go
    return data


WARM = """
import gc, os, sys
from pathlib import Path
import dbt.cli.main, great_expectations, orchestration.definitions
from orchestration.cli import GARBAGE_THRESHOLDS
from orchestration.folders import DataFolder
from orchestration.run import run_refresh

gc.set_threshold(*GARBAGE_THRESHOLDS)
print("ready", flush=True)
for line in sys.stdin:
    data, as_of = line.split()
    process = os.fork()
    if process == 0:
        os.environ["LOYALTY_DATA"] = data
        os._exit(0 if run_refresh(DataFolder(Path(data)), as_of).succeeded else 1)
    print(process, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)
"""


class Runs:
    """Runs of the job, each a process of its own that starts with everything imported: kills meet work, not imports."""

    def __init__(self) -> None:
        self.parent = subprocess.Popen(
            [sys.executable, "-c", WARM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # nobody reads it, and a full pipe would stop the run
            text=True,
        )
        assert self._said() == "ready"

    def _said(self) -> str:
        assert self.parent.stdout is not None
        return self.parent.stdout.readline().strip()

    def start(self, data: Path) -> int:
        assert self.parent.stdin is not None
        self.parent.stdin.write(f"{data} {AS_OF.isoformat()}\n")
        self.parent.stdin.flush()
        return int(self._said())

    def exit_status(self) -> int:
        return int(self._said())


@pytest.fixture
def runs() -> Iterator[Runs]:
    runs = Runs()
    yield runs
    runs.parent.communicate()


@pytest.fixture(scope="module")
def uninterrupted(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company after two runs that began at the same moment, one of which had to wait."""
    data = Path(shutil.copytree(tiny, tmp_path_factory.mktemp("uninterrupted") / "data"))
    first, second = start(data, AS_OF), start(data, AS_OF)
    said = [finish(first), finish(second)]
    assert sum("waiting for" in words for words in said) == 1, said
    return data


def test_of_two_runs_at_once_the_second_waits_and_changes_nothing(uninterrupted: Path) -> None:
    folder = uninterrupted / "published"
    one, other = [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    digests = [json.loads((version / "manifest.json").read_text())["digest"] for version in (one, other)]
    assert digests[0] == digests[1]
    events = pq.read_table(folder / "current" / "profiles" / "identity_events.parquet")
    assert len(events) and len(events["run"].unique()) == 1, "the second run gave somebody another id"


@pytest.mark.timeout(60 * (20 + 2 * MOMENTS))
def test_kill_9_at_random_moments(tiny: Path, uninterrupted: Path, runs: Runs, tmp_path: Path) -> None:
    _, wanted = served(uninterrupted)

    # A version without the last month's orders is served while runs that load them are killed.
    data = Path(shutil.copytree(tiny, tmp_path / "data"))
    late = sorted((data / "landing" / "orders").iterdir())[-1]
    shutil.move(late, tmp_path / late.name)
    began = time.monotonic()
    runs.start(data)
    assert runs.exit_status() == 0
    whole = time.monotonic() - began
    last_good = served(data)
    assert last_good[1] != wanted
    shutil.move(tmp_path / late.name, late)

    killed = []
    for part in range(MOMENTS):
        process = runs.start(data)
        moment = whole * random.uniform(part, part + 1) / MOMENTS
        time.sleep(moment)
        with contextlib.suppress(ProcessLookupError):  # it was quicker
            os.kill(process, signal.SIGKILL)
        if runs.exit_status() == -signal.SIGKILL:
            killed.append(round(moment, 2))
        name, digest = served(data)
        assert (name, digest) == last_good or digest == wanted, f"killed after {moment:.2f} of {whole:.2f} s"
    assert killed
    runs.start(data)
    assert runs.exit_status() == 0
    assert served(data)[1] == wanted, f"killed after {killed} of {whole:.2f} s"
    assert not [path.name for path in (data / "published").iterdir() if path.name.startswith(".tmp")]
