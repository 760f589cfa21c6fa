"""XLSX for people: scores, KPIs and methods, a sheet each, ready to filter and to print. No cell is a formula."""

import io
import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scorecard_app import format as fmt
from scorecard_app.exports.columns import KPI, LANGUAGES, PERIOD, UNIT, Column, join
from scorecard_app.exports.methods import sections
from scorecard_app.exports.report import Report
from scorecard_app.format import Language
from scorecard_app.published import Row
from scorecard_app.texts import TEXTS

FONT = "Microsoft YaHei"  # holds Chinese and Latin alike; office programs without it replace it
SHEETS = [("Scores", "部门得分"), ("KPIs", "指标明细"), ("Methods", "方法说明")]
HEAD = 4  # the row of column titles, below title, provenance and demo mark
_FORMATS = {"percent": '#,##0.0"%"', "per_mille": '#,##0.0"‰"', "points": "#,##0.0"}
_KINDS = {"score": "#,##0.0", "count": "#,##0", "weight": "General"}
_FILLS = {"green": "D5EFD9", "amber": "FCEBC5", "red": "F8D3D0", "grey": "E9ECEF"}
_INK, _LINE = "17242F", Side(style="thin", color="C9D1D8")


def workbook(report: Report, languages: Sequence[Language] = LANGUAGES) -> bytes:
    """The whole workbook; words in both languages stand in one cell, a line each."""
    book = Workbook()
    for place, names in enumerate(SHEETS):
        title = join(*names, languages, " ")
        sheet = book.create_sheet(title, place)
        _headline(sheet, title, report, languages)
    del book[book.sheetnames[-1]]  # the empty one that every new workbook brings
    scores, kpis, methods = book.worksheets
    _table(scores, [column for column in UNIT if column.width], report.units, "score_rag", languages)
    _table(kpis, _kpi_columns(report), report.rows(), "rag", languages)
    _methods(methods, report, languages)
    book.properties.title = f"{report.about.company} {report.period.code}"
    book.properties.creator = "loyalty-scorecards"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def put(cell: Cell, value: object) -> None:
    """Write a value; text stays text whatever it begins with, and characters that XLSX can't hold become �."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
        cell.data_type = "s"
        cell.quotePrefix = True  # editing the cell does not turn it into a formula either
    elif isinstance(value, date | int | float | None):
        cell.value = value
    else:
        raise TypeError(f"{type(value).__name__} has no place in a cell")


def _kpi_columns(report: Report) -> list[Column]:
    """Period, unit and KPI; bands only where one was agreed."""
    banded = any(row["band_low"] is not None for unit in report.units for row in unit["kpis"])
    wanted = [column for column in [*PERIOD, *UNIT[:2], *KPI] if column.width]
    return [column for column in wanted if banded or not column.key.startswith("band_")]


def _headline(sheet: Worksheet, title: str, report: Report, languages: Sequence[Language]) -> None:
    about, period = report.about, report.period
    named = " / ".join(dict.fromkeys(fmt.period(period.kind, period.start, language) for language in languages))
    as_of = " / ".join(f"{TEXTS['as_of'][one == 'zh']} {fmt.moment(about.as_of, about.timezone, one)}" for one in languages)  # fmt: skip
    put(sheet["A1"], f"{about.company} – {title}, {named}")
    sheet["A1"].font = Font(name=FONT, size=14, bold=True, color=_INK)
    put(sheet["A2"], f"{as_of} · {join(*TEXTS['version'], languages, ' ')} {about.name}")
    sheet["A2"].font = Font(name=FONT, size=9, color="5B6975")
    if about.demo:
        put(sheet["A3"], join(*TEXTS["demo"], languages, " / "))
        sheet["A3"].font = Font(name=FONT, size=10, bold=True, color="B3261E")
    page = sheet.page_setup
    page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight = "landscape", sheet.PAPERSIZE_A4, 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"1:{HEAD}"
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = 0.4, 0.4, 0.5, 0.8
    # & begins a code in a footer
    sheet.oddFooter.left.text = f"{about.company} {period.code} · {about.digest[:12]}".replace("&", "&&")
    sheet.oddFooter.right.text = "&P / &N"
    sheet.sheet_view.showGridLines = False


def _table(
    sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Row], rag: str, languages: Sequence[Language]
) -> None:
    _titles(sheet, [(join(*column.title, languages), column.width, _right(column)) for column in columns])
    for place, row in enumerate(rows, HEAD + 1):
        for at, column in enumerate(columns, 1):
            cell: Any = sheet.cell(place, at)
            put(cell, _value(row, column, languages))
            cell.font = Font(name=FONT, size=10, color=_INK)
            cell.border = Border(bottom=_LINE)
            cell.alignment = _alignment(_right(column), "center")
            if column.kind == "measure":
                cell.number_format = _FORMATS.get(row["value_unit"], "#,##0.00")
            elif column.kind in _KINDS:
                cell.number_format = _KINDS[column.kind]
            if column.key == rag and row[rag] in _FILLS:
                cell.fill = PatternFill("solid", fgColor=_FILLS[row[rag]])
        _fit(sheet, place, [column.width for column in columns])
    sheet.freeze_panes = f"{'C' if len(columns) < 10 else 'D'}{HEAD + 1}"
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(columns))}{HEAD + len(rows)}"


def _value(row: Row, column: Column, languages: Sequence[Language]) -> object:
    if column.kind != "words":
        return row[column.key]
    english, chinese = (row[key] for key in column.keys(LANGUAGES))
    return None if english is None else join(english, chinese, languages)


def _right(column: Column) -> bool:
    return column.kind in ("measure", "score", "weight", "count")


def _titles(sheet: Worksheet, titles: Sequence[tuple[str, int, bool]]) -> None:
    for at, (title, width, right) in enumerate(titles, 1):
        cell: Any = sheet.cell(HEAD, at)
        put(cell, title)
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0F5C6E")
        cell.alignment = _alignment(right, "center")
        sheet.column_dimensions[get_column_letter(at)].width = width
    _fit(sheet, HEAD, [width for _, width, _ in titles])


def _alignment(right: bool, vertical: str) -> Alignment:
    """Text keeps a little distance from the figure at its left."""
    return Alignment(
        horizontal="right" if right else "left", vertical=vertical, wrap_text=True, indent=0 if right else 1
    )


def _fit(sheet: Worksheet, place: int, widths: Sequence[int]) -> None:
    """As high as the row's longest text needs: office programs don't all find out by themselves."""
    lines = 1
    for at, width in enumerate(widths, 1):
        value = sheet.cell(place, at).value
        if isinstance(value, str):
            lines = max(lines, sum(max(1, math.ceil(_width(line) / (1.1 * width))) for line in value.split("\n")))
    sheet.row_dimensions[place].height = min(15 * lines + 4, 400)


def _width(text: str) -> int:
    """In digits' widths: a Chinese character takes two."""
    return len(text) + len(re.findall("[\u3000-\u9fff\uff00-\uffef]", text))


def _methods(sheet: Worksheet, report: Report, languages: Sequence[Language]) -> None:
    names = {"en": "English", "zh": "中文"}
    widths = [34, *([100] if len(languages) == 1 else [72, 64])]
    heads = ["", *(names[language] for language in languages)]
    _titles(sheet, [(title, width, False) for title, width in zip(heads, widths, strict=True)])
    place = HEAD + 1
    for section in sections(report):
        cell: Any = sheet.cell(place, 1)
        put(cell, join(*section.title, languages, " "))
        cell.font = Font(name=FONT, size=11, bold=True, color="0F5C6E")
        cell.alignment = Alignment(vertical="bottom")
        sheet.row_dimensions[place].height = 28
        place += 1
        for item, text in section.entries:
            for at, words in enumerate([join(*item, languages, " "), *(text[one == "zh"] for one in languages)], 1):
                cell = sheet.cell(place, at)
                put(cell, words)
                cell.font = Font(name=FONT, size=10, bold=at == 1, color=_INK)
                cell.alignment = _alignment(False, "top")
                cell.border = Border(bottom=_LINE)
            _fit(sheet, place, widths)
            place += 1
    sheet.freeze_panes = f"A{HEAD + 1}"
