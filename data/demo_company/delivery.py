"""Writing deliveries: one table in one of the formats that landing accepts, always with the same bytes."""

import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from demo_company import columns
from demo_company.columns import Table, pc
from demo_company.xlsx import Cell, workbook


@dataclass(frozen=True)
class Style:
    """How one delivery spells its values.

    Attributes:
        form: csv, jsonl or parquet.
        times: local, offset or utc (see `columns.iso_times`).
        booleans: the words for true and false.
        encoding: any codec; utf-8-sig writes a byte-order mark.
        newline: line end of CSV records.
        compressed: gzip around the file.
    """

    form: str = "csv"
    times: str = "offset"
    booleans: tuple[str, str] = ("true", "false")
    encoding: str = "utf-8"
    newline: str = "\n"
    compressed: bool = False


@dataclass
class Landing:
    """The landing folder being filled.

    Attributes:
        root: folder that holds a folder per dataset.
        offset: seconds that company time is ahead of UTC.
        files: paths written so far, relative to `root`.
        bad_rows: what was spoiled on purpose: dataset, path, column, reason.
    """

    root: Path
    offset: int
    files: list[str] = field(default_factory=list)
    bad_rows: list[dict[str, str]] = field(default_factory=list)

    def put(self, dataset: str, name: str, content: bytes) -> str:
        """Write bytes as landing/<dataset>/<name>; returns the relative path."""
        path = self.root / dataset / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.files.append(f"{dataset}/{name}")
        return self.files[-1]

    def deliver(
        self,
        dataset: str,
        stem: str,
        table: Table,
        style: Style = Style(),
        spoiled: Sequence[Mapping[str, str]] = (),
    ) -> str:
        """Write one table; each spoiled mapping adds a copy of a row with those cells replaced (key included).

        A spoiled mapping's entry `reason` says what is wrong and is recorded, not written; spoiling needs CSV.
        """
        if style.form == "parquet":
            return self.put(dataset, f"{stem}.parquet", _parquet(table))
        text = {name: self._as_text(column, style) for name, column in table.items()}
        if not len(next(iter(text.values()))):
            spoiled = ()  # nothing there to copy
        if spoiled:
            text = self._with_spoiled(text, spoiled)
        if style.form == "jsonl":
            content, ending = (
                _json_lines({**table, **{k: v for k, v in text.items() if not _is_plain(table[k])}}),
                "jsonl",
            )
        else:
            content, ending = _csv(text, style), "csv"
        if style.compressed:
            content, ending = gzip.compress(content, 6, mtime=0), f"{ending}.gz"
        path = self.put(dataset, f"{stem}.{ending}", content)
        for bad in spoiled:
            column = [name for name in bad if name != "reason"][-1]
            self.bad_rows.append({"dataset": dataset, "path": path, "column": column, "reason": bad["reason"]})
        return path

    def sheet(self, dataset: str, stem: str, header: Sequence[str], lines: Sequence[Sequence[Cell]]) -> str:
        """Write one XLSX workbook."""
        return self.put(dataset, f"{stem}.xlsx", workbook(header, lines, dataset))

    def resend(self, path: str) -> str:
        """The same content once more under another name, as happens when somebody sends again "to be sure"."""
        dataset, name = path.split("/")
        stem, dot, ending = name.partition(".")
        return self.put(dataset, f"{stem}_resent{dot}{ending}", (self.root / path).read_bytes())

    def _as_text(self, column: pa.Array, style: Style) -> pa.Array:
        if pa.types.is_timestamp(column.type):
            return columns.iso_times(column, style.times, self.offset)
        if pa.types.is_boolean(column.type):
            return pc.if_else(column, *style.booleans)
        return column if pa.types.is_string(column.type) else column.cast(pa.string())

    @staticmethod
    def _with_spoiled(text: Table, spoiled: Sequence[Mapping[str, str]]) -> Table:
        size = len(next(iter(text.values())))
        bad_rows = [
            {name: column[place * 7 % size].as_py() for name, column in text.items()} for place in range(len(spoiled))
        ]
        bad_rows = [
            {**row, **{k: v for k, v in bad.items() if k != "reason"}}
            for row, bad in zip(bad_rows, spoiled, strict=True)
        ]
        # In the middle of the file, where a reader that stops at the first surprise would lose the most.
        half = size // 2
        return {
            name: pa.concat_arrays(
                [column[:half], pa.array([row[name] for row in bad_rows], pa.string()), column[half:]]
            )
            for name, column in text.items()
        }


def _parquet(table: Table) -> bytes:
    out = io.BytesIO()
    # statistics and one row group per file keep readers quick; zstd 1 keeps the generator quick
    pyarrow.parquet.write_table(pa.table(table), out, compression="zstd", compression_level=1, row_group_size=1 << 20)
    return out.getvalue()


def _csv(text: Table, style: Style) -> bytes:
    head = (",".join(text) + style.newline).encode()
    try:
        content = head + _records(text, style, "none")
    except pa.ArrowInvalid:  # a value holds a comma, a quote or a line end
        content = head + _records(text, style, "needed")
    return content if style.encoding == "utf-8" else content.decode().encode(style.encoding)


def _records(text: Table, style: Style, quoting: Literal["none", "needed"]) -> bytes:
    out = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False, eol=style.newline, quoting_style=quoting)
    pyarrow.csv.write_csv(pa.table(text), out, options)
    return out.getvalue()


def _is_plain(column: pa.Array) -> bool:
    return pa.types.is_integer(column.type) or pa.types.is_boolean(column.type)


def _json_lines(table: Table) -> bytes:
    # nullable types: pandas would otherwise turn whole numbers beside nulls into 12.0
    frame = pa.table(table).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get)
    return frame.to_json(orient="records", lines=True, force_ascii=False).encode()
