"""Arrow columns built from numpy arrays in bulk: the generator's only way to make text, times and money."""

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

pc: Any = importlib.import_module("pyarrow.compute")  # its functions are made at import; type checkers don't see them
Table = dict[str, pa.Array]
DAY = 86_400


def _validity(valid: np.ndarray | None) -> pa.Buffer | None:
    return None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little").tobytes())


def text_from_matrix(matrix: np.ndarray, valid: np.ndarray | None = None) -> pa.StringArray:
    """Text of equal width from an (n, width) matrix of ASCII codes; rows that aren't valid become null."""
    count, width = matrix.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    buffers = [_validity(valid), pa.py_buffer(offsets.tobytes()), pa.py_buffer(np.ascontiguousarray(matrix).tobytes())]
    return pa.Array.from_buffers(pa.large_string(), count, buffers).cast(pa.string())


def digits(values: np.ndarray, width: int) -> np.ndarray:
    """(n, width) matrix of the ASCII digits of non-negative integers, padded with zeros."""
    rest = np.asarray(values, dtype=np.int64).copy()
    matrix = np.empty((len(rest), width), dtype=np.uint8)
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, 10)
        matrix[:, place] = digit + 48
    return matrix


def numbered(prefix: str, values: np.ndarray, width: int, valid: np.ndarray | None = None) -> pa.StringArray:
    """Ids such as W00000123: a prefix and a number padded to `width` digits."""
    head = np.tile(np.frombuffer(prefix.encode("ascii"), dtype=np.uint8), (len(values), 1))
    return text_from_matrix(np.hstack([head, digits(values, width)]), valid)


def chosen(words: Sequence[str | None], codes: np.ndarray) -> pa.StringArray:
    """The word at each code; a negative code is null."""
    codes = np.asarray(codes)
    return pa.array(words, pa.string()).take(pa.array(codes.astype(np.int64), mask=codes < 0))


def constant(word: str | None, count: int) -> pa.StringArray:
    """The same word (or null) `count` times."""
    return pa.nulls(count, pa.string()) if word is None else pa.repeat(pa.scalar(word), count)


def joined(*parts: pa.Array | str, sep: str = "") -> pa.StringArray:
    """Element-wise concatenation; null wherever a part is null."""
    return pc.binary_join_element_wise(*parts, sep)


def where(condition: np.ndarray, left: pa.Array | None, right: pa.Array | None) -> pa.Array:
    """`left` where the condition holds, else `right`; None stands for null."""
    return pc.if_else(pa.array(condition), left, right)


def only(column: pa.Array, valid: np.ndarray) -> pa.Array:
    """The column with null where a row isn't valid."""
    return pc.if_else(pa.array(valid), column, None)


def times(seconds: np.ndarray, valid: np.ndarray | None = None) -> pa.Array:
    """UTC times from seconds since 1970."""
    mask = None if valid is None else ~valid
    return pa.array(np.asarray(seconds, dtype=np.int64), pa.int64(), mask=mask).cast(pa.timestamp("s", "UTC"))


def dates(days: np.ndarray, valid: np.ndarray | None = None) -> pa.Array:
    """Dates from days since 1970-01-01."""
    mask = None if valid is None else ~valid
    return pa.array(np.asarray(days, dtype=np.int32), pa.int32(), mask=mask).cast(pa.date32())


def money(cents: np.ndarray, valid: np.ndarray | None = None) -> pa.Array:
    """decimal(18,2) from integer hundredths."""
    low = np.asarray(cents, dtype=np.int64)
    words = np.empty((len(low), 2), dtype=np.int64)
    words[:, 0], words[:, 1] = low, low >> 63
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(low), [_validity(valid), pa.py_buffer(words.tobytes())])


def whole(values: np.ndarray, valid: np.ndarray | None = None) -> pa.Array:
    """64-bit integers."""
    return pa.array(np.asarray(values, dtype=np.int64), mask=None if valid is None else ~valid)


def flags(values: np.ndarray, valid: np.ndarray | None = None) -> pa.Array:
    """Booleans."""
    return pa.array(np.asarray(values, dtype=bool), mask=None if valid is None else ~valid)


def iso_dates(days: np.ndarray) -> np.ndarray:
    """(n, 10) matrix of YYYY-MM-DD from days since 1970-01-01."""
    day = np.asarray(days, dtype="int64").astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]")
    matrix = np.full((len(day), 10), ord("-"), dtype=np.uint8)
    matrix[:, :4] = digits(year.astype(np.int64) + 1970, 4)
    matrix[:, 5:7] = digits((month - year.astype("datetime64[M]")).astype(np.int64) + 1, 2)
    matrix[:, 8:] = digits((day - month.astype("datetime64[D]")).astype(np.int64) + 1, 2)
    return matrix


def iso_times(column: pa.Array, style: str, offset: int) -> pa.StringArray:
    """Times as ISO 8601 text.

    Args:
        column: UTC timestamps in seconds.
        style: "local" (no offset, company time), "offset" (company time with its offset) or "utc" (with Z).
        offset: seconds that company time is ahead of UTC.
    """
    valid = column.is_valid().to_numpy(zero_copy_only=False)
    seconds = column.cast(pa.int64()).fill_null(0).to_numpy()
    seconds = seconds if style == "utc" else seconds + offset
    day, rest = np.divmod(seconds, DAY)
    suffix = {"local": "", "utc": "Z", "offset": f"+{offset // 3600:02d}:00"}[style]
    matrix = np.empty((len(seconds), 19 + len(suffix)), dtype=np.uint8)
    matrix[:, :10] = iso_dates(day)
    matrix[:, 10] = ord(" ") if style == "local" else ord("T")
    for place, value in ((11, rest // 3600), (14, rest // 60 % 60), (17, rest % 60)):
        matrix[:, place : place + 2] = digits(value, 2)
    matrix[:, 13] = matrix[:, 16] = ord(":")
    matrix[:, 19:] = np.frombuffer(suffix.encode(), dtype=np.uint8)
    return text_from_matrix(matrix, valid)


def rows(table: Table, index: np.ndarray | slice) -> Table:
    """The chosen rows of every column."""
    if isinstance(index, slice):
        start, stop, _ = index.indices(len(next(iter(table.values()))))
        return {name: column.slice(start, stop - start) for name, column in table.items()}
    picked = pa.array(np.asarray(index, dtype=np.int64))
    return {name: column.take(picked) for name, column in table.items()}
