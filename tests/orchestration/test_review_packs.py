"""The review packs that Dagster writes each month, and `loyalty packs`."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.defs.automation import settings_or_defaults
from orchestration.defs.company import Company
from orchestration.defs.review_packs import monthly, review_packs
from orchestration.settings import Settings
from scorecard_app.exports import periods
from scorecard_app.packs import write
from tests.conftest import CompanyRun

ENDED = {"month": "2026-09", "quarter": "2026-Q3"}


@pytest.fixture
def company(small_run: CompanyRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "published").symlink_to(small_run.data / "published")
    monkeypatch.setenv("LOYALTY_DATA", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", "")
    return tmp_path


def test_the_job_writes_the_last_month_and_a_quarter_in_its_turn(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(write, "write_packs", lambda _, period, *more: asked.append((period.code, *more)) or [])
    assert review_packs.execute_in_process(resources={"company": Company()}).success
    # October ends no quarter: the third was written a month before
    assert asked == [("2026-10", (), ("en",), company / "packs")]
    monkeypatch.setattr(periods, "last_complete", lambda _, kind: periods.Period.parse(ENDED[kind]))
    assert review_packs.execute_in_process(resources={"company": Company()}).success
    assert [code for code, *_ in asked[1:]] == ["2026-09", "2026-Q3"]


def test_the_schedule_follows_company_yml(company: Path) -> None:
    (company / "company.yml").write_text("review_day: 8\ntimezone: Europe/Berlin\n")
    schedule = monthly(settings_or_defaults())
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 6 8 * *", "Europe/Berlin")
    assert monthly(Settings()).cron_schedule == "0 6 5 * *"


def test_the_command(company: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main,
        ["packs", "--period", "2026-Q3", "--unit", "CS", "--lang", "zh", "--out", str(tmp_path / "o")],
    )
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "o" / "2026-Q3").iterdir()] == ["CS-zh.pdf"]
    for wrong, said in (
        (["--unit", "nobody"], "no unit 'nobody'"),
        (["--period", "2031-01"], "is not in this version"),
    ):
        done = CliRunner().invoke(main, ["packs", *wrong])
        assert done.exit_code == 2 and said in done.output
