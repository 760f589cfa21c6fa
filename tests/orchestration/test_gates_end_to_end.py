"""A failed gate publishes nothing, names the check, the file and the line, and leaves the last version served."""

import csv
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.quality.verdicts import Verdict
from orchestration.run import RunOutcome
from tests.conftest import AS_OF

Refresh = Callable[[Path, datetime], RunOutcome]


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A company with little data and nothing wrong."""
    data = tmp_path / "data"
    deliver(
        data,
        "survey_questions",
        "questions.csv",
        [
            ["question_code", "measures", "item", "occasion", "scale_min", "scale_max", "polarity"],
            ["NPS", "nps", "overall", "relationship", "0", "10", "higher_is_better"],
        ],
    )
    deliver(data, "survey_responses", "responses_2026-09-30.csv", answers(600))
    return data


def answers(count: int, wrong_scores: int = 0, empty_keys: int = 0, first: int = 0) -> list[list[str]]:
    rows = [["source_system", "response_id", "question_code", "score", "responded_at"]]
    for number in range(first, first + count):
        score = "11" if number - first < wrong_scores else str(number % 11)
        key = "" if number - first >= count - empty_keys else f"r{number}"
        rows.append(["survey", key, "NPS", score, f"2026-09-{1 + number % 30:02d}T10:00:00+08:00"])
    return rows


def deliver(data: Path, dataset: str, name: str, rows: list[list[str]]) -> Path:
    path = data / "landing" / dataset / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(rows)
    return path


def current(data: Path) -> str | None:
    link = data / "published" / "current"
    return link.resolve().name if link.exists() else None


def materialised_alone(data: Path, *assets: str) -> str | None:
    """Materialise assets, and those made in one step with them, and their checks, as Dagster does; the publisher's error."""
    from orchestration.definitions import defs

    selected = {key for asset in assets for key in defs.resolve_assets_def(asset).keys}
    with pytest.MonkeyPatch.context() as told, dg.DagsterInstance.ephemeral() as instance:
        told.setenv("LOYALTY_DATA", str(data))
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance,
            asset_selection=list(selected),
            run_config={"resources": {"company": {"config": {"as_of": AS_OF.isoformat()}}}},
            raise_on_error=False,
        )
    failed = {event.step_key: event.step_failure_data.error for event in result.all_events if event.is_step_failure}
    error = failed.get("published_version")
    while error is not None and error.cause is not None:
        error = error.cause
    return error.cls_name if error else None


def test_each_fault_in_a_delivery_blocks_and_is_cured_by_its_remedy(
    company: Path, refresh: Refresh, capfd: pytest.CaptureFixture[str]
) -> None:
    assert refresh(company, AS_OF).succeeded
    good = current(company)
    name = "responses_2026-10-31.csv"

    # each correction comes a day later, as it would
    days = (AS_OF + timedelta(days=number) for number in range(1, 9))
    for rows, line, reason in (
        (answers(500, wrong_scores=20, first=1000), "line 2", "outside its question's scale"),
        (answers(500, empty_keys=12, first=1000), "line 490", "A required value is empty"),
    ):
        deliver(company, "survey_responses", name, rows)
        capfd.readouterr()
        outcome = refresh(company, next(days))
        said = capfd.readouterr().err
        assert not outcome.succeeded
        assert any("excess_quarantine" in problem for problem in outcome.problems), outcome.problems
        assert f"survey_responses/{name}" in said
        assert line in said and reason in said, said
        assert current(company) == good

    deliver(company, "survey_responses", name, answers(470, first=1020))
    assert refresh(company, next(days)).succeeded
    assert current(company) != good


def test_weights_that_do_not_add_up_block(company: Path, refresh: Refresh, capfd: pytest.CaptureFixture[str]) -> None:
    header = ["org_unit_id", "kpi_id", "period_start", "agreed_at", "period_end", "threshold", "target", "weight"]
    row = ["company", "nps_relationship", "2026-07-01", "2026-06-01T09:00:00+08:00", "2026-09-30", "10", "30"]
    deliver(company, "targets", "targets.csv", [header, [*row, "60"]])
    outcome = refresh(company, AS_OF)
    assert not outcome.succeeded
    assert any("weights" in problem for problem in outcome.problems), outcome.problems
    assert "targets/targets.csv" in capfd.readouterr().err
    assert current(company) is None
    assert materialised_alone(company, "published_version") == "PublishingError"
    assert current(company) is None
    deliver(company, "targets", "targets_2026-06-02.csv", [header, [*row, "100"]])
    assert refresh(company, AS_OF).succeeded
    good = current(company)
    assert materialised_alone(company, "published_version") == "PublishingError", (
        "another run's gates judged other rows"
    )
    half = materialised_alone(company, "scorecards", "published_version")
    assert half == "PublishingError", "what made the scorecards' facts was not judged in this run"
    assert current(company) == good


def test_a_fault_in_the_numbers_blocks(company: Path, refresh: Refresh, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.defs import gates

    judge = gates.judge_numbers

    def sabotaged(warehouse: duckdb.DuckDBPyConnection) -> Verdict:
        warehouse.execute("update main.kpi_values set value = 101 where kpi_id = 'nps_relationship'")
        return judge(warehouse)

    monkeypatch.setattr(gates, "judge_numbers", sabotaged)
    outcome = refresh(company, AS_OF)
    assert not outcome.succeeded
    assert any("value_out_of_bounds" in problem for problem in outcome.problems), outcome.problems
    assert current(company) is None


def test_a_delivery_much_smaller_than_usual_warns(company: Path, refresh: Refresh) -> None:
    for month in range(5, 10):
        deliver(company, "survey_responses", f"responses_2026-0{month}-15.csv", answers(200, first=month * 10_000))
    deliver(company, "survey_responses", "responses_2026-10-15.csv", answers(70, first=110_000))
    outcome = refresh(company, AS_OF)
    assert outcome.succeeded
    assert any("volume" in warning for warning in outcome.warnings), outcome.warnings
