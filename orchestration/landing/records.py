"""Where records start and end (RFC 4180), counted independently of the parser that reads them.

`survey` recognises files that a fast parser reads rightly: every record on its own line, quotes only around whole
fields. `records` walks any other file record by record, and survives whatever it holds.
"""

import mmap
import re
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from orchestration.landing.decode import BLOCK, Text

MAX_FIELD = 1_000_000
"""Characters; a longer field is refused."""
MAX_RECORD = 16_000_000
"""Bytes; a longer record is refused without looking at its fields."""

# As Python's csv module reads it: text after a closing quote belongs to the field, a quote inside an unquoted one is text.
_FIELD = rb'(?:"(?:[^"]++|"")*+(?:"[^,\n]*+|(?P<open%d>\Z))|(?!")[^,\n]*+)'
_RECORD = re.compile(_FIELD % 1 + rb"(?:," + _FIELD % 2 + rb")*+(?:\n|\Z)")
_CELL = re.compile(r'(?:"((?:[^"]++|"")*+)"|((?!")[^,]*+))(,|\Z)', re.DOTALL)


_BESIDE_QUOTE = np.isin(np.arange(256), (44, 10, 34))  # comma, line end, quote


@dataclass(frozen=True)
class Record:
    """One record with the physical line it starts on; `cells` is None where `problem` says why it has none."""

    line: int
    raw: str
    cells: list[str] | None
    problem: str | None = None


def survey(text: Text) -> int | None:
    """The number of records (header included) of a file that a fast parser reads rightly; None for any other."""
    if text.careful:
        return None
    if text.quoted and not _quotes_are_regular(text):
        return None
    return text.line_ends + (not text.ended and text.file.stat().st_size > 0)


def _quotes_are_regular(text: Text) -> bool:
    """Every quote opens after a separator or closes before one, or is doubled, and no line ends inside quotes."""
    within = 0
    before = b"\n"
    with text.file.open("rb") as reading:
        block = reading.read(BLOCK)
        while block:
            following = reading.read(BLOCK)
            around = np.frombuffer(before + block + (following[:1] or b"\n"), dtype=np.uint8)
            quotes = np.flatnonzero(around[1:-1] == 34) + 1
            opening, closing = quotes[within::2], quotes[1 - within :: 2]
            if not (_BESIDE_QUOTE[around[opening - 1]].all() and _BESIDE_QUOTE[around[closing + 1]].all()):
                return False
            line_ends = np.flatnonzero(around[1:-1] == 10) + 1
            if ((np.searchsorted(quotes, line_ends) + within) % 2).any():
                return False
            within = (within + len(quotes)) % 2
            before, block = block[-1:], following
    return within == 0


def records(text: Text) -> Generator[Record, None, None]:
    """Every record of the file; empty lines are none."""
    if text.file.stat().st_size == 0:
        return
    with text.file.open("rb") as reading, mmap.mmap(reading.fileno(), 0, access=mmap.ACCESS_READ) as content:
        position, line, size = 0, 1, len(content)
        while position < size:
            match = _RECORD.match(content, position)
            if match is None:  # cannot be: every byte is part of a record
                raise AssertionError(f"{text.file}: no record at byte {position}")
            end = match.end()
            unterminated = match.start("open1") >= 0 or match.start("open2") >= 0
            raw = content[position : min(end, position + MAX_RECORD)]
            if end - position > MAX_RECORD:
                lines = _count(content, position, end)
                excerpt = raw[:4000].decode("utf-8", "replace")
                yield Record(line, excerpt, None, "unterminated_quote" if unterminated else "field_too_long")
            elif raw != b"\n":
                lines = raw.count(b"\n")
                yield _record(line, raw.removesuffix(b"\n").decode("utf-8"), unterminated)
            else:
                lines = 1
            position, line = end, line + lines


def _record(line: int, raw: str, unterminated: bool) -> Record:
    if unterminated:
        return Record(line, raw, None, "unterminated_quote")
    if "\0" in raw:
        return Record(line, raw, None, "nul_byte")
    cells = raw.split(",") if '"' not in raw else _cells(raw)
    if cells is None:
        return Record(line, raw, None, "stray_quote")
    if len(raw) > MAX_FIELD and max(map(len, cells)) > MAX_FIELD:
        return Record(line, raw, None, "field_too_long")
    return Record(line, raw, cells)


def _cells(raw: str) -> list[str] | None:
    cells, position = [], 0
    while match := _CELL.match(raw, position):
        quoted, bare, separator = match.groups()
        cells.append(bare if quoted is None else quoted.replace('""', '"'))
        if not separator:
            return cells
        position = match.end()
    return None


def _count(content: mmap.mmap, start: int, end: int) -> int:
    return sum(content[at : min(at + BLOCK, end)].count(b"\n") for at in range(start, end, BLOCK))
