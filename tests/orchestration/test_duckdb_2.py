"""The pipeline gives the same numbers on DuckDB 2.0 as on the locked version."""

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.conftest import CompanyRun
from tests.packages import locked, pip

LOCK = Path(__file__).parents[1] / "duckdb-2.lock"
LOYALTY = "import duckdb, sys; print(duckdb.__version__, file=sys.stderr); from orchestration.cli import main; main()"


@pytest.fixture(scope="module")
def duckdb_2(request: pytest.FixtureRequest) -> Path:
    """A folder that holds DuckDB 2.0 and nothing else, to be put in front of Python's path."""
    folder = Path(request.config.cache.mkdir("duckdb-2")) / f"{sys.implementation.cache_tag}"
    if not folder.exists():
        unfinished = folder.with_suffix(f".{os.getpid()}")
        pip("install", *locked(LOCK), "--target", str(unfinished))
        unfinished.rename(folder)
    return folder


def loyalty(duckdb_2: Path, data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(duckdb_2), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-c", LOYALTY, *arguments],
        env={**os.environ, "LOYALTY_DATA": str(data), "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )


def test_the_digests_are_equal_on_both_versions(
    duckdb_2: Path, small_run: CompanyRun, small_landing: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(small_landing, tmp_path / "data"))
    done = loyalty(duckdb_2, data, "run", "--as-of", small_run.as_of.isoformat())
    assert done.returncode == 0, done.stderr
    assert version("duckdb").startswith("1.") and done.stderr.startswith("2.0.")
    numbers = [
        json.loads((published / "manifest.json").read_text(encoding="utf-8"))
        for published in (small_run.published, (data / "published" / "current").resolve())
    ]
    tables = [{name: table["digest"] for name, table in manifest["tables"].items()} for manifest in numbers]
    assert tables[0] == tables[1]
    assert numbers[0]["digest"] == numbers[1]["digest"]
    for command in ("scorecards", "quarantine"):
        read = loyalty(duckdb_2, data, command)
        assert read.returncode == 0, read.stderr
