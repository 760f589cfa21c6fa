"""XLSX, for what people keep by hand: the first sheet, its first row the header; of a formula, the value last shown."""

import re
import warnings
import zipfile
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

from orchestration.landing.decode import WHITE, Refused
from orchestration.landing.records import MAX_FIELD
from orchestration.landing.refusals import Refusal, Row

# Stands where a formula has no value yet: no text of a cell can hold this character.
UNCALCULATED = "\0"
# Stands behind a number that the workbook shows as a percentage.
PERCENTAGE = "\0%"
# What a number format writes as it stands: '0"%"' shows 80 as 80%, '0%' shows 0.8 so.
_LITERAL = re.compile(r'"[^"]*"|\\.')


def workbook_rows(
    file: Path, max_bytes: int, amounts: Collection[str] = ()
) -> tuple[list[str], Iterator[Row | Refusal]]:
    """The header's names and the rows below; rows without any value are none, `line` is the sheet's row.

    In the columns `amounts` a percentage is refused: 80% is 0.8 to the workbook, and may well have meant 80.

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
    names = [(name or "").replace(PERCENTAGE, "").replace(UNCALCULATED, "") for name in rows[0][1]]
    while names and not names[-1]:
        names.pop()
    return names, _below(rows[1:], names, amounts)


def _below(
    rows: list[tuple[int, list[str | None]]], names: list[str], amounts: Collection[str]
) -> Iterator[Row | Refusal]:
    width = len(names)
    for line, marked in rows:
        shown = [name for name, cell in zip(names, marked, strict=False) if cell and cell.endswith(PERCENTAGE)]
        percentage = next((name for name in shown if name.strip(WHITE).lower() in amounts), None)
        cells = [cell and cell.removesuffix(PERCENTAGE) for cell in marked]
        raw = ",".join(cell or "" for cell in cells).replace(UNCALCULATED, "")
        if UNCALCULATED in cells:
            yield Refusal(line, None, "formula_without_value", raw)
        elif percentage:
            yield Refusal(line, percentage.strip(WHITE).lower(), "percentage", raw)
        elif any(cells[width:]):
            yield Refusal(line, None, "wrong_field_count", raw)
        elif len(raw) > MAX_FIELD and any(len(cell or "") > MAX_FIELD for cell in cells):
            yield Refusal(line, None, "field_too_long", raw)
        else:
            yield Row(line, (cells + [None] * width)[:width])


def _rows(file: Path) -> Iterator[tuple[int, list[str | None]]]:
    formulas = _formulas(file)
    with _first_sheet(file, data_only=True) as sheet:
        for line, row in enumerate(sheet.iter_rows(), start=1):
            cells = [
                UNCALCULATED if _is_unknown(cell) and (line, place) in formulas else _marked(cell)
                for place, cell in enumerate(row)
            ]
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                yield line, cells


def _formulas(file: Path) -> set[tuple[int, int]]:
    """Line and place in it of every formula; one that openpyxl can't read ends the search, but not the delivery."""
    found = set()
    with suppress(Exception), _first_sheet(file, data_only=False) as sheet:
        for line, row in enumerate(sheet.iter_rows(), start=1):
            found |= {(line, place) for place, cell in enumerate(row) if cell.data_type == "f"}
    return found


def _is_unknown(cell: EmptyCell | ReadOnlyCell) -> bool:
    """No value, not even a text of no letters, which a formula may well have."""
    return cell.value is None and cell.data_type != "str"


@contextmanager
def _first_sheet(file: Path, data_only: bool) -> Generator[Any]:
    # Opened here: by a path, openpyxl would judge the file by its ending.
    with warnings.catch_warnings(), file.open("rb") as reading:
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(reading, read_only=True, data_only=data_only)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield sheet
        finally:
            book.close()


def _marked(cell: EmptyCell | ReadOnlyCell) -> str | None:
    text = _cell(cell.value)
    if text and cell.data_type == "n" and "%" in _LITERAL.sub("", cell.number_format or ""):
        return text + PERCENTAGE
    return text


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
