"""What a person meets: both languages, methods, number formats, print set-up."""

import json
import re
from pathlib import Path

import pytest
import yaml

from orchestration.folders import DBT_PROJECT
from scorecard_app.exports import collect
from scorecard_app.exports.columns import FLAT
from scorecard_app.exports.document import document
from scorecard_app.exports.flat import methods_csv, scorecards_csv
from scorecard_app.exports.methods import INTERVALS, RULES, sections
from scorecard_app.exports.report import Report
from scorecard_app.exports.workbook import workbook
from scorecard_app.published import Published, resolve
from tests.scorecard_app.exports.conftest import HEAD, read_csv, read_xlsx, table

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def report(sample_root: Path) -> Report:
    return collect(Published(resolve(sample_root)), "2025-Q2")


def test_one_language_holds_no_word_of_the_other(report: Report) -> None:
    english, chinese = (read_xlsx(workbook(report, (language,))) for language in ("en", "zh"))
    assert english.sheetnames == ["Scores", "KPIs", "Methods"] and chinese.sheetnames == [
        "部门得分",
        "指标明细",
        "方法说明",
    ]
    texts = [
        cell.value for sheet in english for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    ]
    assert len(texts) > 200 and not [text for text in texts if CHINESE.search(text)]
    for title in (cell.value for cell in chinese.worksheets[1][HEAD]):
        assert CHINESE.search(str(title)) and not re.search("[a-z]{2}", str(title))
    keys = read_csv(scorecards_csv(report, ("en",)))[0]
    assert "verdict_en" in keys and not [key for key in keys if key.endswith("_zh")]


def test_both_languages_stand_together(report: Report) -> None:
    row = table(read_xlsx(workbook(report)), 1)[0]
    assert row["Unit"] == "Customer service\n客服部" and row["Verdict"] == "target met\n已达标"
    flat = read_csv(scorecards_csv(report, ("en", "zh")))[0]
    assert (flat["verdict"], flat["verdict_en"], flat["verdict_zh"]) == ("met", "target met", "已达标")


def test_why_there_is_no_figure_is_said_in_words(report: Report) -> None:
    hidden = [row for row in table(read_xlsx(workbook(report)), 1) if row["Unit id"] == "hr"]
    assert len(hidden) == 2
    for row in hidden:
        assert row["Value"] is None and row["n"] is None and row["Reason"] == "too few to show\n样本过少不予显示"
    score = next(row for row in table(read_xlsx(workbook(report)), 0) if row["Unit id"] == "hr")
    assert score["Score"] is None and "70" in score["Why there is no score"]


def test_figures_are_shown_in_their_unit(report: Report) -> None:
    sheet = read_xlsx(workbook(report)).worksheets[1]
    titles = [str(cell.value).split("\n")[0] for cell in sheet[HEAD]]
    formats = {
        str(row[titles.index("Measured in")].value).split("\n")[-1]: row[titles.index("Value")].number_format
        for row in sheet.iter_rows(min_row=HEAD + 1)
    }
    assert formats == {"%": '#,##0.0"%"', "‰": '#,##0.0"‰"', "分": "#,##0.0"}


def test_every_sheet_prints_and_scrolls_well(report: Report) -> None:
    for sheet in read_xlsx(workbook(report)):
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9  # A4
        assert sheet.page_setup.fitToWidth == 1 and sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == f"$1:${HEAD}" and str(sheet.freeze_panes).endswith(str(HEAD + 1))
        assert "演示公司" in str(sheet["A3"].value), "a demo must say so on every page"
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[HEAD])
        assert all(sheet.row_dimensions[row].height >= 19 for row in range(HEAD, sheet.max_row + 1))


def test_methods_name_the_version_and_define_every_kpi(report: Report) -> None:
    rows = read_csv(methods_csv(report, ("en", "zh")))
    texts = {row["text_en"] for row in rows}
    about = report.about
    assert {about.name, about.digest, about.code["sha256"]} <= texts
    assert "11 July 2025, 00:00 (Asia/Shanghai)" in texts and any("2025年4月1日" in row["text_zh"] for row in rows)
    assert "Demo company: invented data, nobody's performance" in texts
    kpis = {kpi["kpi_id"] for unit in report.units for kpi in unit["kpis"]}
    for kpi_id in kpis:
        kpi = report.catalogue[kpi_id]
        entries = {row["item_en"]: row for row in rows if row["section_en"] == kpi["label_en"]}
        assert entries["Id"]["text_en"] == kpi_id
        assert entries["Definition"]["text_zh"] == kpi["definition_zh"]
        assert f"{kpi['scored_floor']:,}" in entries["Shown from, scored from"]["text_en"]
    explained = {row["item_en"] for row in rows if row["section_en"] == "Columns of scorecards.csv"}
    assert set(read_csv(scorecards_csv(report, ("en", "zh")))[0]) <= explained


def test_a_period_that_the_data_do_not_cover_says_so(report: Report, sample_root: Path) -> None:
    assert report.gaps == [] and "no data" not in str(read_xlsx(workbook(report)).worksheets[0]["A3"].value)
    year = collect(Published(resolve(sample_root)), "2024")  # the sample begins in July
    assert year.gaps == [f"2024-0{month}" for month in range(1, 7)]
    assert json.loads(document(year))["period"]["months_without_data"] == year.gaps
    assert {row["months_without_data"] for row in read_csv(scorecards_csv(year, ("en",)))} == {" ".join(year.gaps)}
    assert all("2024-01, 2024-02" in str(sheet["A3"].value) for sheet in read_xlsx(workbook(year)))
    assert any("2024-06" in row["text_zh"] for row in read_csv(methods_csv(year, ("zh",))))


def test_a_company_of_ones_own_is_not_called_a_demo(sample_root: Path, own_root: Path) -> None:
    from sample_company import publish_sample

    publish_sample(own_root, demo=False)
    own = collect(Published(resolve(own_root)), "2025-Q2")
    assert not own.about.demo and read_xlsx(workbook(own)).worksheets[0]["A3"].value is None
    assert {row["demo"] for row in read_csv(scorecards_csv(own, ("en",)))} == {"false"}


def test_every_word_is_there_in_both_languages(report: Report) -> None:
    pairs = [*INTERVALS.values(), *(column.title for column in FLAT), *(text for rule in RULES for text in rule)]
    for english, chinese in pairs:
        assert english and not CHINESE.search(english)
        assert CHINESE.search(chinese) or chinese == english
    for section in sections(report):
        assert all(one and two for item, text in section.entries for one, two in (item, text))


def test_every_interval_method_of_the_catalogue_has_words() -> None:
    used = set()
    for path in (DBT_PROJECT / "models" / "kpis").glob("*.yml"):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            meta = model.get("config", {}).get("meta", {}).get("kpi")
            used |= {meta["interval"]} if meta else set()
    assert used and used <= set(INTERVALS)
