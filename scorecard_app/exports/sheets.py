"""What every sheet of the workbook shares: safe cells, headline, column titles, heights, print set-up."""

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from scorecard_app import format as fmt
from scorecard_app.exports.columns import join
from scorecard_app.exports.methods import covered
from scorecard_app.exports.report import Report
from scorecard_app.format import Language
from scorecard_app.texts import TEXTS

FONT = "Microsoft YaHei"  # holds Chinese and Latin alike; office programs without it replace it
HEAD = 4  # the row of column titles, below title, provenance and warnings
INK, LINE = "17242F", Side(style="thin", color="C9D1D8")


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


def headline(sheet: Worksheet, title: str, report: Report, languages: Sequence[Language]) -> None:
    """Title, provenance, warnings in red, each as wide as the finished table, and how the sheet prints."""
    about, period = report.about, report.period
    named = " / ".join(dict.fromkeys(fmt.period(period.kind, period.start, language) for language in languages))
    as_of = " / ".join(
        f"{TEXTS['as_of'][one == 'zh']} {fmt.moment(about.as_of, about.timezone, one)}" for one in languages
    )
    warnings = [join(*TEXTS["demo"], languages, " / ")] if about.demo else []
    warnings += [join(*covered(report), languages, " / ")] if report.gaps else []
    lines = [
        (f"{about.company} – {title}, {named}", Font(name=FONT, size=14, bold=True, color=INK)),
        (f"{as_of} · {join(*TEXTS['version'], languages, ' ')} {about.name}", Font(name=FONT, size=9, color="5B6975")),
        (" · ".join(warnings), Font(name=FONT, size=10, bold=True, color="B3261E")),
    ]
    last = sheet.max_column
    room = sum(sheet.column_dimensions[get_column_letter(at)].width for at in range(1, last + 1))
    for place, (line, font) in enumerate(lines, 1):
        cell: Any = sheet.cell(place, 1)
        put(cell, line or None)
        cell.font, cell.alignment = font, Alignment(vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=place, end_row=place, start_column=1, end_column=last)
        size = float(font.size or 10)
        sheet.row_dimensions[place].height = math.ceil(_width(line) * size / 10 / room or 1) * size * 1.5 + 2
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


def titles(sheet: Worksheet, columns: Sequence[tuple[str, int, bool]]) -> None:
    """The row of column titles; `columns` holds title, width in digits, and whether figures stand below."""
    for at, (title, width, right) in enumerate(columns, 1):
        cell: Any = sheet.cell(HEAD, at)
        put(cell, title)
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0F5C6E")
        cell.alignment = alignment(right, "center")
        sheet.column_dimensions[get_column_letter(at)].width = width
    fit(sheet, HEAD, [width for _, width, _ in columns])


def alignment(right: bool, vertical: str) -> Alignment:
    """Text keeps a little distance from the figure at its left."""
    return Alignment(
        horizontal="right" if right else "left", vertical=vertical, wrap_text=True, indent=0 if right else 1
    )


def fit(sheet: Worksheet, place: int, widths: Sequence[int]) -> None:
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
