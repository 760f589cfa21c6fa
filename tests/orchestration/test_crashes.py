"""A crash anywhere leaves the last version served, and the next run finishes the work; two runs never mix."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.folders import DataFolder
from orchestration.publishing.verify import verify
from tests.conftest import AS_OF

LOYALTY = str(Path(sys.executable).with_name("loyalty"))
MOMENTS = 10


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
    (data / "landing" / ".demo.json").unlink()  # a company's own files, which may come and go
    return data


@pytest.mark.timeout(900)
def test_kill_9_at_random_moments(tiny: Path, tmp_path: Path) -> None:
    uninterrupted = Path(shutil.copytree(tiny, tmp_path / "uninterrupted"))
    began = time.monotonic()
    finish(start(uninterrupted, AS_OF))
    whole = time.monotonic() - began
    _, wanted = served(uninterrupted)

    # A version without the last month's orders is served while runs that load them are killed.
    data = Path(shutil.copytree(tiny, tmp_path / "data"))
    late = sorted((data / "landing" / "orders").iterdir())[-1]
    shutil.move(late, tmp_path / late.name)
    finish(start(data, AS_OF))
    last_good = served(data)
    assert last_good[1] != wanted
    shutil.move(tmp_path / late.name, late)
    moments = random.Random()
    killed = []
    for _ in range(MOMENTS):
        process = start(data, AS_OF)
        moment = moments.uniform(0.05, 0.98) * whole
        try:
            process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            killed.append(moment)
            assert served(data) in (last_good, (served(data)[0], wanted)), f"killed after {moment:.2f} s"
    assert killed, "no run lived long enough to be killed"
    finish(start(data, AS_OF))
    assert served(data)[1] == wanted, f"killed at {killed}"
    assert not [path.name for path in (data / "published").iterdir() if path.name.startswith(".tmp")]


def test_of_two_runs_at_once_the_second_waits(tiny: Path, tmp_path: Path) -> None:
    data = Path(shutil.copytree(tiny, tmp_path / "data"))
    first, second = start(data, AS_OF), start(data, AS_OF)
    said = [finish(first), finish(second)]
    assert sum("waiting for" in words for words in said) == 1, said
    versions = [path.name for path in (data / "published").iterdir() if path.is_dir() and not path.is_symlink()]
    assert len(versions) == 2
    assert len({json.loads((data / "published" / v / "manifest.json").read_text())["digest"] for v in versions}) == 1
