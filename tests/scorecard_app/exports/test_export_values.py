"""Every exported figure is the published one: compared cell by cell with the Parquet files, in all three formats."""

import json
import math
from datetime import date
from pathlib import Path

import duckdb
import jsonschema
import pytest

import scorecard_app.exports
from scorecard_app.exports import collect
from scorecard_app.exports.document import document
from scorecard_app.exports.flat import scorecards_csv
from scorecard_app.exports.workbook import workbook
from scorecard_app.published import Published, resolve
from tests.conftest import CompanyRun
from tests.scorecard_app.exports.conftest import cells, read_csv, read_xlsx, table

SCHEMA = json.loads(Path(scorecard_app.exports.__file__).with_name("export.schema.json").read_text())
FIGURES = ["value", "ci_low", "ci_high", "n", "threshold", "target", "stretch", "weight", "attainment", "score", "scored_weight"]  # fmt: skip
CODES = ["measured_org_unit_id", "basis", "verdict", "rag", "reason", "score_rag", "score_reason"]
TITLES = {
    "value": "Value", "ci_low": "95% interval, low", "ci_high": "95% interval, high", "n": "n", "threshold": "Threshold",
    "target": "Target", "stretch": "Stretch", "weight": "Weight", "attainment": "Attainment",
}  # fmt: skip
PERIODS = [
    ("2024", "year", date(2024, 1, 1)), ("2025-Q2", "quarter", date(2025, 4, 1)), ("2025-06", "month", date(2025, 6, 1)),
    ("2025-01", "month", date(2025, 1, 1)),
]  # fmt: skip


def same(shown: object, published: float | None) -> bool:
    """A number in a cell against the published one, to the 15 digits that a spreadsheet keeps."""
    if published is None or not isinstance(shown, float | int):
        return shown is published
    return math.isclose(shown, published, rel_tol=1e-14)


def check_all(folder: Path, code: str, kind: str, start: date) -> int:
    """Compare one period's three exports with the published files; returns how many rows were compared."""
    report = collect(Published(folder), code)
    expected = cells(folder, kind, start)
    flat = read_csv(scorecards_csv(report, ("en", "zh")))
    assert {(row["org_unit_id"], row["kpi_id"]) for row in flat} == set(expected) and len(flat) == len(expected)
    for row in flat:
        published = expected[row["org_unit_id"], row["kpi_id"]]
        assert (row["period"], row["period_kind"], row["period_start"]) == (code, kind, start.isoformat())
        for name in FIGURES:
            assert (float(row[name]) if row[name] else None) == published[name], (row, name)
        for name in CODES:
            assert (row[name] or None) == published[name], (row, name)

    nested = json.loads(document(report))
    jsonschema.validate(nested, SCHEMA, format_checker=jsonschema.FormatChecker())
    again = {(unit["org_unit_id"], kpi["kpi_id"]): unit | kpi for unit in nested["scorecards"] for kpi in unit["kpis"]}
    assert {key: {name: row[name] for name in FIGURES + CODES} for key, row in again.items()} == {
        key: {name: row[name] for name in FIGURES + CODES} for key, row in expected.items()
    }

    book = read_xlsx(workbook(report))
    kpis = {kpi["kpi_en"]: kpi["kpi_id"] for unit in nested["scorecards"] for kpi in unit["kpis"]}
    sheet = table(book, 1)
    assert len(sheet) == len(expected)
    for row in sheet:
        published = expected[row["Unit id"], kpis[row["KPI"].split("\n")[0]]]
        for name, title in TITLES.items():
            assert same(row[title], published[name]), (row, name)
    scores = {row["Unit id"]: row for row in table(book, 0)}
    assert set(scores) == {unit for unit, _ in expected}
    for (unit, _), published in expected.items():
        assert same(scores[unit]["Score"], published["score"]), unit
        assert same(scores[unit]["Weight scored, %"], published["scored_weight"]), unit
    return len(expected)


@pytest.mark.parametrize("code, kind, start", PERIODS, ids=[period[0] for period in PERIODS])
def test_the_sample_companys_figures(sample_root: Path, code: str, kind: str, start: date) -> None:
    assert check_all(resolve(sample_root), code, kind, start) == 20


def test_the_pipelines_own_figures_of_every_complete_period(demo_run: CompanyRun) -> None:
    published = Published(demo_run.published)
    with duckdb.connect() as connection:
        held = connection.execute(
            "select distinct period_kind, period_start from read_parquet($f) order by all",
            {"f": str(demo_run.published / "scorecards.parquet")},
        ).fetchall()
    assert {kind for kind, _ in held} >= {"month", "quarter"}
    compared = 0
    for kind, start in held:
        code = {
            "month": f"{start:%Y-%m}", "quarter": f"{start.year}-Q{(start.month + 2) // 3}", "year": str(start.year),
        }[kind]  # fmt: skip
        if published.periods(kind).get(start) and (kind != "month" or start.month in (3, 10)):
            compared += check_all(demo_run.published, code, kind, start)
    assert compared > 200


def test_weights_add_up_and_the_score_follows_from_the_rows(sample_root: Path) -> None:
    report = collect(Published(resolve(sample_root)), "2025-Q2")
    assert len(report.units) == 8
    for unit in report.units:
        assert sum(kpi["weight"] for kpi in unit["kpis"]) == pytest.approx(100)
        scored = [(kpi["weight"], kpi["attainment"]) for kpi in unit["kpis"] if kpi["attainment"] is not None]
        if unit["score"] is None:
            assert unit["score_reason"] and sum(weight for weight, _ in scored) < 70
        else:
            points = sum(weight * reached for weight, reached in scored)
            assert unit["score"] == pytest.approx(points / sum(weight for weight, _ in scored))


def test_csv_and_json_say_the_same(sample_root: Path) -> None:
    report = collect(Published(resolve(sample_root)), "2025-Q2")
    nested = json.loads(document(report))
    flat = read_csv(scorecards_csv(report, ("en", "zh")))
    pairs = [(unit, kpi) for unit in nested["scorecards"] for kpi in unit["kpis"]]
    for row, (unit, kpi) in zip(flat, pairs, strict=True):
        for name, value in (unit | kpi).items():
            if name != "kpis":
                assert row[name] == ("" if value is None else str(value)), name
        assert (row["version"], row["demo"]) == (nested["version"], str(nested["demo"]).lower())


def test_one_unit_is_exactly_its_part_of_the_whole(sample_root: Path) -> None:
    published = Published(resolve(sample_root))
    whole, part = collect(published, "2025-Q2"), collect(published, "2025-Q2", ["sto", "cs"])
    assert part.units == [unit for unit in whole.units if unit["org_unit_id"] in ("sto", "cs")]


def test_a_unit_that_left_the_tree_is_still_exported(hostile) -> None:
    root = hostile("org_units", "delete from org_units where org_unit_id = 'sto-2'")
    rows = collect(Published(resolve(root)), "2025-Q2").rows()
    assert {row["unit_en"] for row in rows if row["org_unit_id"] == "sto-2"} == {"sto-2"}


def test_a_band_is_exported_where_the_version_has_one(hostile) -> None:
    root = hostile(
        "scorecards",
        "alter table scorecards add column band_low double", "alter table scorecards add column band_high double",
        "update scorecards set band_low = 41.5, band_high = 60, target = null where org_unit_id = 'cs'",
    )  # fmt: skip
    report = collect(Published(resolve(root)), "2025-Q2")
    banded = [row for row in table(read_xlsx(workbook(report)), 1) if row["Unit id"] == "cs"]
    assert banded and {(row["Band from"], row["Band to"], row["Target"]) for row in banded} == {(41.5, 60, None)}
    jsonschema.validate(json.loads(document(report)), SCHEMA)
