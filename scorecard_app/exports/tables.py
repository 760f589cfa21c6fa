"""What one sees on a page as CSV or XLSX: any table, text that stays text, figures with all their decimals."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font
from openpyxl.utils import get_column_letter

from scorecard_app.exports.flat import escaped
from scorecard_app.exports.sheets import FONT, HEAD, INK, LINE, alignment, fit, put, titles


@dataclass(frozen=True)
class Sheet:
    """A table to take away.

    Attributes:
        title: What it shows, the page's heading.
        origin: Company, unit, period, as-of time and version, each a text; above the table in XLSX, below it in CSV.
        columns: Titles, in the reader's language.
        rows: Raw values: text, numbers, dates, None.
    """

    title: str
    origin: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[object]] = field(default_factory=list)


def table_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte-order mark; a text that a spreadsheet might run begins with an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([escaped(title) for title in sheet.columns])
    writer.writerows([_flat(value) for value in row] for row in sheet.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def table_xlsx(sheet: Sheet) -> bytes:
    """One sheet with title, origin, and the table ready to filter; no cell is a formula."""
    book = Workbook()
    page: Any = book.active
    page.title = "".join(sign for sign in sheet.title if sign not in "[]:*?/\\'")[:31] or "1"
    rows = [[_cell(value) for value in row] for row in sheet.rows]
    widths = [_width(title, [row[at] for row in rows]) for at, title in enumerate(sheet.columns)]
    figures = [any(isinstance(row[at], int | float) for row in rows) for at in range(len(sheet.columns))]
    titles(page, list(zip(sheet.columns, widths, figures, strict=True)))
    for place, line in enumerate([sheet.title, " · ".join(sheet.origin)], 1):
        cell: Any = page.cell(place, 1)
        put(cell, line)
        cell.font = Font(name=FONT, size=14 if place == 1 else 9, bold=place == 1, color=INK)
        cell.alignment = Alignment(vertical="center")
    for place, row in enumerate(rows, HEAD + 1):
        for at, value in enumerate(row, 1):
            cell = page.cell(place, at)
            put(cell, value)
            cell.font = Font(name=FONT, size=10, color=INK)
            cell.border = Border(bottom=LINE)
            cell.alignment = alignment(figures[at - 1], "center")
        fit(page, place, widths)
    page.freeze_panes = f"A{HEAD + 1}"
    page.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(widths))}{HEAD + len(rows)}"
    book.properties.creator = "loyalty-scorecards"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _flat(value: object) -> str:
    value = _cell(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return escaped(value) if isinstance(value, str) else repr(value)


def _cell(value: object) -> Any:
    """As spreadsheets know it: amounts as numbers, times without zone, yes and no as text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "minutes")
    if value is None or isinstance(value, str | int | float | date):
        return value
    return str(value)


def _width(title: str, values: Sequence[object]) -> int:
    """As wide as its texts need, within reason."""
    longest = max([len(str(value)) for value in [title, *values] if value is not None], default=8)
    return min(max(longest + 2, 10), 46)
