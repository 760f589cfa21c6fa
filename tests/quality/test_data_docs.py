"""Data Docs: a page per suite and run, of the newest runs only, saying what each check means."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.quality import data_docs
from orchestration.quality.suites import SUITES

START = datetime(2026, 11, 1, 3, tzinfo=UTC)


def pages(folder: Path) -> set[tuple[str, str]]:
    return {(page.stem, page.parent.parent.name) for page in (folder / data_docs.SITE).rglob("validations/**/*.html")}


def test_pages_of_the_newest_runs_each_check_with_its_meaning(warehouse, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(data_docs, "KEPT_RUNS", 2)
    warehouse.sql("update kpi_values set value = 101, ci_high = 101 where kpi_id = 'nps' and org_unit_id = 's1'")
    for night in range(4):
        at = START + timedelta(days=night)
        first = data_docs.build(tmp_path, warehouse.deliveries_verdict(), f"run-{night}", at)
        assert data_docs.build(tmp_path, warehouse.numbers_verdict(), f"run-{night}", at) == first
    subjects = {subject for suites in SUITES.values() for subject in suites}
    assert pages(tmp_path) == {(subject, f"run-{night}") for subject in subjects for night in (2, 3)}
    index = first.read_text(encoding="utf-8")
    assert "run-3" in index and "run-2" in index and "run-1" not in index
    (failed,) = (page for page in first.parent.rglob("kpi_values.html") if page.parent.parent.name == "run-3")
    told = failed.read_text(encoding="utf-8")
    assert "value_out_of_bounds" in told and "Blocks where: A value that the KPI cannot take." in told
    assert "Failed" in told and "run-3" in told


def test_the_same_run_again_is_not_counted_twice(warehouse, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(data_docs, "KEPT_RUNS", 1)
    for _ in range(2):
        data_docs.build(tmp_path, warehouse.deliveries_verdict(), "run-1", START)
    assert pages(tmp_path) == {("deliveries", "run-1"), ("datasets", "run-1")}
