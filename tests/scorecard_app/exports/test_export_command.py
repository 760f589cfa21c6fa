"""`loyalty export` as HR or a script meets it: files, exit status, and errors that name the remedy."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sample_company import publish_sample

from orchestration.cli import main
from scorecard_app.exports import Period
from tests.conftest import CompanyRun
from tests.scorecard_app.exports.conftest import read_csv, read_xlsx


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command in an empty folder for a company's folder."""
    monkeypatch.chdir(tmp_path)

    def run(root: Path, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["export", *arguments], env={"LOYALTY_DATA": str(root)})

    return run


@pytest.mark.parametrize("more", [[], ["--overwrite"]])
def test_a_folder_in_the_place_of_the_file_is_named(sample_root: Path, export, tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "here").mkdir()
    done = export(sample_root, "--out", "here", *more)
    assert done.exit_code == 2
    assert "here can't be written: it is a folder; name a file" in done.output
    assert list(tmp_path.iterdir()) == [tmp_path / "here"]


def test_each_format_lands_where_its_name_says(sample_root: Path, export, tmp_path: Path) -> None:
    for kind in ("xlsx", "csv", "json"):
        done = export(sample_root, "--period", "2025-Q2", "--format", kind)
        assert done.exit_code == 0 and "2025-Q2, 8 units, 20 KPI results" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("scorecards")) == [
        "scorecards-2025-Q2", "scorecards-2025-Q2.json", "scorecards-2025-Q2.xlsx",
    ]  # fmt: skip
    assert len(read_xlsx((tmp_path / "scorecards-2025-Q2.xlsx").read_bytes()).sheetnames) == 3
    assert len(read_csv((tmp_path / "scorecards-2025-Q2" / "scorecards.csv").read_bytes())) == 20
    assert read_csv((tmp_path / "scorecards-2025-Q2" / "methods.csv").read_bytes())
    assert json.loads((tmp_path / "scorecards-2025-Q2.json").read_text())["period"]["code"] == "2025-Q2"


def test_the_last_complete_quarter_is_the_default(sample_root: Path, export, tmp_path: Path) -> None:
    done = export(sample_root, "--json", "--out", "deep/er/x.xlsx", "--unit", "cs", "--unit", "sto")
    said = json.loads(done.stdout)
    assert (said["period"], said["units"], said["rows"], said["demo"]) == ("2025-Q2", 2, 7, True)
    assert said["files"] == ["deep/er/x.xlsx"] and (tmp_path / "deep/er/x.xlsx").exists()
    assert not [path for path in (tmp_path / "deep/er").iterdir() if path.name != "x.xlsx"]


def test_what_is_there_is_not_overwritten_unasked(sample_root: Path, export, tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_text("somebody's notes")
    done = export(sample_root, "--out", "x.xlsx")
    assert done.exit_code == 2 and "--overwrite" in done.stderr
    assert (tmp_path / "x.xlsx").read_text() == "somebody's notes"
    assert export(sample_root, "--out", "x.xlsx", "--overwrite").exit_code == 0
    assert read_xlsx((tmp_path / "x.xlsx").read_bytes()).sheetnames


@pytest.mark.parametrize("arguments, words", [
    (["--period", "2025-Q3"], ["2025-Q3 is not in this version", "quarters: 2025-Q2, 2025-Q1, 2024-Q4, 2024-Q3"]),
    (["--period", "2025-07"], ["2025-07 is still open", "months: 2025-06, 2025-05"]),
    (["--period", "2031"], ["2031 is not in this version", "years: 2024"]),
    (["--period", "2025-13"], ["'2025-13' is no period", "2026-Q1", "years: 2024"]),
    (["--period", "２０２５-Q2"], ["no period"]),
    (["--unit", "nobody"], ["no unit 'nobody'", "acme", "sto-2"]), (["--format", "pdf"], ["pdf"]),
    (["--out", "/proc/nothing/x.xlsx"], ["/proc/nothing", "can't be written"]),
])  # fmt: skip
def test_wrong_usage_is_2_and_says_what_would_be_right(sample_root: Path, export, arguments, words) -> None:
    done = export(sample_root, *arguments)
    assert done.exit_code == 2
    for word in words:
        assert word in done.stderr


def test_nothing_published_is_1(export, tmp_path: Path) -> None:
    done = export(tmp_path)
    assert done.exit_code == 1 and "loyalty run" in done.stderr


def test_a_version_without_numbers_has_no_periods(export, tmp_path: Path) -> None:
    publish_sample(tmp_path / "bare", periods=False)
    done = export(tmp_path / "bare")
    assert done.exit_code == 2 and "no period has a scorecard yet" in done.stderr


def test_a_company_that_delivered_nothing(export, empty_run: CompanyRun) -> None:
    assert export(empty_run.data).exit_code == 2


def test_a_period_without_targets_is_1_and_leaves_no_file(hostile, export, tmp_path: Path) -> None:
    hostile("department_scores", "delete from department_scores where period_start = date '2025-04-01'")
    root = hostile("scorecards", "delete from scorecards where period_start = date '2025-04-01'")
    done = export(root, "--period", "2025-Q2", "--out", "none.xlsx")
    assert done.exit_code == 1 and "no target was in force" in done.stderr and not (tmp_path / "none.xlsx").exists()
    assert "quarters: 2025-Q1, 2024-Q4, 2024-Q3;" in done.stderr, "what can be exported is named, what can't is not"
    done = export(root, "--period", "2025-Q1", "--unit", "acme")
    assert done.exit_code == 1 and "acme" in done.stderr


def test_a_damaged_version_is_1(own_root: Path, export) -> None:
    path = (own_root / "published" / "current").resolve() / "scorecards.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    done = export(own_root)
    assert done.exit_code == 1 and "scorecards.parquet" in done.stderr


@pytest.mark.parametrize("code, kind, first, last", [
    ("2026-q1", "quarter", date(2026, 1, 1), date(2026, 3, 31)), ("2024-Q4", "quarter", date(2024, 10, 1), date(2024, 12, 31)),
    ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)), ("2025", "year", date(2025, 1, 1), date(2025, 12, 31)),
    ("2025-12", "month", date(2025, 12, 1), date(2025, 12, 31)),
])  # fmt: skip
def test_periods(code: str, kind: str, first: date, last: date) -> None:
    period = Period.parse(code)
    assert period == Period(kind, first) and period.end == last and period.code == code.upper()


@pytest.mark.parametrize(
    "code", ["", "26", "2026-Q5", "2026-Q0", "2026-1", "2026-00", "Q1-2026", "2026Q1", "0000", "2026-03-01"]
)
def test_what_is_no_period(code: str) -> None:
    assert Period.parse(code) is None
