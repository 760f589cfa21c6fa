"""XLSX for people: scores, KPIs and methods, a sheet each, ready to filter and to print. No cell is a formula."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from scorecard_app.exports.columns import KPI, LANGUAGES, PERIOD, UNIT, Column, join
from scorecard_app.exports.methods import sections
from scorecard_app.exports.report import Report
from scorecard_app.exports.sheets import FONT, HEAD, INK, LINE, alignment, fit, headline, put, titles
from scorecard_app.format import Language
from scorecard_app.published import Row

SHEETS = [("Scores", "部门得分"), ("KPIs", "指标明细"), ("Methods", "方法说明")]
_FORMATS = {"percent": '#,##0.0"%"', "per_mille": '#,##0.0"‰"', "points": "#,##0.0"}
_KINDS = {"score": "#,##0.0", "count": "#,##0", "weight": "General"}
_FILLS = {"green": "D5EFD9", "amber": "FCEBC5", "red": "F8D3D0", "grey": "E9ECEF"}


def workbook(report: Report, languages: Sequence[Language] = LANGUAGES) -> bytes:
    """The whole workbook; words in both languages stand in one cell, a line each."""
    book = Workbook()
    names = [join(*both, languages, " ") for both in SHEETS]
    scores, kpis, methods = (book.create_sheet(name, place) for place, name in enumerate(names))
    del book[book.sheetnames[-1]]  # the empty one that every new workbook brings
    _table(scores, [column for column in UNIT if column.width], report.units, "score_rag", languages)
    _table(kpis, _kpi_columns(report), report.rows(), "rag", languages)
    _methods(methods, report, languages)
    for sheet in book.worksheets:
        headline(sheet, sheet.title, report, languages)
    book.properties.title = f"{report.about.company} {report.period.code}"
    book.properties.creator = "loyalty-scorecards"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _kpi_columns(report: Report) -> list[Column]:
    """Period, unit and KPI; bands only where one was agreed."""
    banded = any(row["band_low"] is not None for unit in report.units for row in unit["kpis"])
    wanted = [column for column in [*PERIOD, *UNIT[:2], *KPI] if column.width]
    return [column for column in wanted if banded or not column.key.startswith("band_")]


def _table(
    sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Row], rag: str, languages: Sequence[Language]
) -> None:
    titles(sheet, [(join(*column.title, languages), column.width, _right(column)) for column in columns])
    for place, row in enumerate(rows, HEAD + 1):
        for at, column in enumerate(columns, 1):
            cell: Any = sheet.cell(place, at)
            put(cell, _value(row, column, languages))
            cell.font = Font(name=FONT, size=10, color=INK)
            cell.border = Border(bottom=LINE)
            cell.alignment = alignment(_right(column), "center")
            if column.kind == "measure":
                cell.number_format = _FORMATS.get(row["value_unit"], "#,##0.00")
            elif column.kind in _KINDS:
                cell.number_format = _KINDS[column.kind]
            if column.key == rag and row[rag] in _FILLS:
                cell.fill = PatternFill("solid", fgColor=_FILLS[row[rag]])
        fit(sheet, place, [column.width for column in columns])
    sheet.freeze_panes = f"{'C' if len(columns) < 10 else 'D'}{HEAD + 1}"
    sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(columns))}{HEAD + len(rows)}"


def _value(row: Row, column: Column, languages: Sequence[Language]) -> object:
    if column.kind != "words":
        return row[column.key]
    english, chinese = (row[key] for key in column.keys(LANGUAGES))
    return None if english is None else join(english, chinese, languages)


def _right(column: Column) -> bool:
    return column.kind in ("measure", "score", "weight", "count")


def _methods(sheet: Worksheet, report: Report, languages: Sequence[Language]) -> None:
    names = {"en": "English", "zh": "中文"}
    widths = [34, *([100] if len(languages) == 1 else [72, 64])]
    heads = ["", *(names[language] for language in languages)]
    titles(sheet, [(title, width, False) for title, width in zip(heads, widths, strict=True)])
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
                cell.font = Font(name=FONT, size=10, bold=at == 1, color=INK)
                cell.alignment = alignment(False, "top")
                cell.border = Border(bottom=LINE)
            fit(sheet, place, widths)
            place += 1
    sheet.freeze_panes = f"A{HEAD + 1}"
