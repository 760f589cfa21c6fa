"""A delivery's bytes to records of text, by Python's own csv, json, gzip and openpyxl: no sniffing of types."""

import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

csv.field_size_limit(2**31 - 1)


class Unreadable(Exception):
    """A file that is refused as a whole."""


@dataclass(frozen=True)
class Records:
    """Columns of text as delivered (named by the header) and how many records were too broken to be split into cells."""

    frame: pl.DataFrame
    broken: int


def deliveries(folder: Path) -> list[Path]:
    """The files of one dataset that count as delivered: nothing hidden, unfinished or linked."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.suffix not in (".part", ".tmp")
    ]


def read_records(content: bytes) -> Records:
    """Split a delivery into records; its format is told by its content, not by its name.

    Raises:
        Unreadable: truncated gzip, neither UTF-8 nor GB18030, no header, a column named twice.
    """
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as problem:
            raise Unreadable("broken gzip") from problem
    if content[:4] == b"PAR1":
        return _parquet(content)
    if content[:4] == b"PK\x03\x04":
        return _xlsx(content)
    text = _decode(content).replace("\r\n", "\n").replace("\r", "\n")
    return _json_lines(text) if text.lstrip()[:1] == "{" else _csv(text)


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("neither UTF-8 nor GB18030")


def _frame(header: list[str], rows: Iterable[list[str | None]], broken: int) -> Records:
    names = [name.strip() for name in header]
    if len(set(names)) < len(names) or not any(names):
        raise Unreadable("a column is named twice, or none is")
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return Records(pl.DataFrame([pl.Series(n, c, pl.String) for n, c in zip(names, columns, strict=True)]), broken)


def _csv(text: str) -> Records:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    rows: list[list[str | None]] = []
    broken = 0
    while True:
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error:  # a quote that never ends, or text after a closing quote
            broken += 1
            continue
        if not record:
            continue  # an empty line is no record
        if header is None:
            header = record
        elif len(record) == len(header) and not any("\0" in cell for cell in record):
            rows.append(list(record))
        else:
            broken += 1
    if header is None:
        raise Unreadable("empty")
    return _frame(header, rows, broken)


def _json_lines(text: str) -> Records:
    found: list[dict[str, str | None]] = []
    broken = 0
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            entry = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        except ValueError:
            entry = None
        if not isinstance(entry, dict) or any(isinstance(v, dict | list) or "\0" in str(v) for v in entry.values()):
            broken += 1
            continue
        found.append({key: _cell(value) for key, value in entry.items()})
    names = list(dict.fromkeys(name for entry in found for name in entry))
    return _frame(names, [[entry.get(name) for name in names] for entry in found], broken)


def _xlsx(content: bytes) -> Records:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
    ) as problem:  # TypeError: styles that openpyxl does not know
        raise Unreadable("broken XLSX") from problem
    rows = [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    rows = [row for row in rows if any(cell is not None for cell in row)]
    if not rows:
        raise Unreadable("empty")
    width = max(i + 1 for i, name in enumerate(rows[0]) if name is not None)  # formatted but empty columns to the right
    header = [name or "" for name in rows[0][:width]]
    return _frame(header, [(row + [None] * width)[:width] for row in rows[1:]], 0)


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _parquet(content: bytes) -> Records:
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowInvalid, OSError) as problem:
        raise Unreadable("broken Parquet") from problem
    frame = pl.DataFrame(pl.from_arrow(table))
    texts = []
    for column in frame:
        if isinstance(column.dtype, pl.Datetime):
            aware = column.dtype.time_zone is not None
            moments = column.dt.convert_time_zone("UTC") if aware else column
            texts.append(moments.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f" + ("Z" if aware else "")))
        elif isinstance(column.dtype, pl.List | pl.Struct | pl.Array | pl.Binary):
            raise Unreadable(f"column {column.name} is nested")
        else:
            texts.append(column.cast(pl.String))
    frame = pl.DataFrame(texts)
    clean = frame.filter(~pl.any_horizontal(pl.all().str.contains("\0", literal=True).fill_null(False)))
    return Records(clean, frame.height - clean.height)
