"""Same deliveries, same numbers: whatever their order, split or repetition, and whatever the machine.

Two runs after one another: test_crashes.py; a warehouse that is lost: test_backup.py.
"""

import csv
import json
import random
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import AS_OF, CompanyRun

Run = Callable[[Path, datetime], Path]


def digest(published: Path) -> str:
    return json.loads((published / "manifest.json").read_text())["digest"]


def split(path: Path, parts: int, shuffle: random.Random) -> None:
    """One plain CSV becomes several, its rows shuffled among them; the date in the name stays."""
    with path.open(encoding="utf-8", newline="") as handle:
        header, *rows = list(csv.reader(handle))
    shuffle.shuffle(rows)
    for part in range(parts):
        target = path.with_name(f"part{part}_{path.name}")
        with target.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([header, *rows[part::parts]])
    path.unlink()


def is_plain_csv(path: Path) -> bool:
    if path.suffix != ".csv" or b"\r" in (content := path.read_bytes()):
        return False
    try:
        return not content.decode("utf-8").startswith("\ufeff")
    except UnicodeDecodeError:
        return False


def test_any_order_split_or_repetition_gives_the_same_digest(
    small_run: CompanyRun, small_landing: Path, run_pipeline: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shuffle = random.Random(7)
    data = tmp_path / "data"
    shutil.copytree(small_landing, data)
    for mark in data.glob("*/.demo.json"):
        mark.unlink()  # from here on these are a company's own files
    for dataset in ("orders", "survey_responses", "cases", "customers"):
        for path in sorted((data / "landing" / dataset).glob("*.csv")):
            if is_plain_csv(path):
                split(path, 3, shuffle)
    files = [path for path in (data / "landing").rglob("*") if path.is_file() and not path.name.startswith(".")]
    for path in shuffle.sample(files, 12):
        shutil.copy(path, path.with_name(f"again_{path.name}"))
    waiting = tmp_path / "waiting"
    late = shuffle.sample(sorted(path for path in (data / "landing").rglob("*.csv")), 40)
    for path in late:
        place = waiting / path.relative_to(data)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, place)
    monkeypatch.setenv("LOYALTY_THREADS", "4")
    run_pipeline(data, AS_OF)
    shutil.copytree(waiting, data, dirs_exist_ok=True)
    assert digest(run_pipeline(data, AS_OF)) == digest(small_run.published)


def test_one_thread_and_a_tight_memory_change_nothing(
    small_run: CompanyRun, small_landing: Path, run_pipeline: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOYALTY_THREADS", "1")
    monkeypatch.setenv("LOYALTY_MEMORY_LIMIT", "1500MB")
    data = Path(shutil.copytree(small_landing, tmp_path / "data"))
    assert digest(run_pipeline(data, AS_OF)) == digest(small_run.published)
