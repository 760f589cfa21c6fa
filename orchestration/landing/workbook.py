"""XLSX, for what people keep by hand: the first sheet, its first row the header."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl

from orchestration.landing.decode import Refused
from orchestration.landing.records import MAX_FIELD
from orchestration.landing.refusals import Refusal, Row


def workbook_rows(file: Path, max_bytes: int) -> tuple[list[str], Iterator[Row | Refusal]]:
    """The header's names and the rows below; rows without any value are none, `line` is the sheet's row.

    Raises:
        Refused: not_xlsx, or expands_too_much beyond `max_bytes`.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            expanded = sum(member.file_size for member in archive.infolist())
        if expanded > max_bytes:
            raise Refused("expands_too_much", f"beyond {max_bytes} bytes")
        rows = list(_rows(file))
    except Refused:
        raise
    except Exception as problem:  # whatever openpyxl and the XML below it make of a damaged workbook
        raise Refused("not_xlsx", type(problem).__name__) from problem
    if not rows:
        raise Refused("empty_file", received=0)
    if rows[0][0] != 1:
        raise Refused("no_header", "the first row is empty", len(rows))
    names = [name or "" for name in rows[0][1]]
    while names and not names[-1]:
        names.pop()
    return names, _below(rows[1:], len(names))


def _below(rows: list[tuple[int, list[str | None]]], width: int) -> Iterator[Row | Refusal]:
    for line, cells in rows:
        raw = ",".join(cell or "" for cell in cells)
        if any(cells[width:]):
            yield Refusal(line, None, "wrong_field_count", raw)
        elif len(raw) > MAX_FIELD and any(len(cell or "") > MAX_FIELD for cell in cells):
            yield Refusal(line, None, "field_too_long", raw)
        else:
            yield Row(line, (cells + [None] * width)[:width])


def _rows(file: Path) -> Iterator[tuple[int, list[str | None]]]:
    # Opened here: by a path, openpyxl would judge the file by its ending.
    with warnings.catch_warnings(), file.open("rb") as reading:
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(reading, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                cells = [_cell(value) for value in values]
                while cells and cells[-1] is None:
                    cells.pop()
                if cells:
                    yield line, cells
        finally:
            book.close()


def _cell(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else f"{Decimal(repr(value)):f}"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).encode("utf-8", "replace").decode("utf-8")
