"""CSV, JSON Lines, XLSX and Parquet → one relation with the contract's columns still as delivered, and a line number.

The format is told by the content, never by the file's name, so that the same content is always read the same way.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.landing.contract import Dataset
from orchestration.landing.decode import WHITE, Refused, Text, expanded, regular_text
from orchestration.landing.json_lines import json_rows
from orchestration.landing.records import records, survey
from orchestration.landing.refusals import Refusal, Row
from orchestration.landing.typed import literal, quoted
from orchestration.landing.workbook import workbook_rows
from orchestration.settings import Settings

STAGE = "landing_rows"
BATCH = 20_000
DECIMAL_DIGITS = 38
"""DuckDB reads decimals of more digits as floating-point numbers, and other ones than stand in the file."""
WIDE = 400
"""Columns; a wider CSV file is read record by record, taking only the contract's columns."""


@dataclass
class Rows:
    """What a file holds: `relation` has the columns in `types` (contract name → DuckDB type) and those `carried`.

    `trimmed`: no text has white space at its ends. `absent`: those of MARKS that occur in no cell. `serial`: the rows
    are numbered as they are read, which takes one thread.
    """

    relation: str
    types: dict[str, str]
    received: int
    refused: list[Refusal] = field(default_factory=list)
    trimmed: bool = False
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    carried: str = "_line"
    absent: str = ""
    serial: bool = False


@dataclass(frozen=True)
class Header:
    """Contract column → position in the file's header."""

    positions: dict[str, int]
    width: int
    missing: list[str]
    unknown: list[str]


def open_rows(
    connection: duckdb.DuckDBPyConnection, file: Path, dataset: Dataset, settings: Settings, scratch: Path, fast: bool
) -> Rows:
    """Read a delivery's content; `fast` lets regular CSV be read by DuckDB itself.

    Raises:
        Refused: when the file cannot be read at all.
    """
    file = expanded(file, scratch, settings.max_expanded_mb, settings.max_expansion_ratio)
    with file.open("rb") as reading:
        start = reading.read(4)
    if not start:
        raise Refused("empty_file", received=0)
    if start == b"PAR1":
        return parquet_rows(connection, [file], dataset, parquet_footer(file)[0])
    if start == b"PK\x03\x04":
        if not dataset.xlsx:
            raise Refused("xlsx_not_accepted")
        limit = min(
            settings.max_expanded_mb * 1_000_000, max(10_000_000, file.stat().st_size * settings.max_expansion_ratio)
        )
        numbers = ("decimal", "bigint")
        amounts = {c.name for c in dataset.columns if c.data_type.startswith(numbers) and c.kind != "share"}
        return _staged(connection, dataset, *workbook_rows(file, limit, amounts))
    text = regular_text(file, scratch)
    if _starts_with(text, b"{"):
        names, rows = json_rows(text, dataset.names)
        if not names:
            raise Refused("not_json_lines", received=sum(1 for _ in rows))
        return _staged(connection, dataset, names, rows)
    if _starts_with(text, b"[{"):
        raise Refused("not_json_lines")
    return _csv(connection, text, dataset, fast)


def _starts_with(text: Text, mark: bytes) -> bool:
    """Whether these are the first characters of the file, white space apart."""
    seen = b""
    with text.file.open("rb") as reading:
        while len(seen) < len(mark) and (block := reading.read(4096)):
            seen += b"".join(block.split())
    return seen.startswith(mark)


def match_header(names: Sequence[str], dataset: Dataset, count: Callable[[], int]) -> Header:
    """Find the contract's columns in a header, by name, whatever the case and order.

    Raises:
        Refused: where a column is named twice, or a key or required column is missing; `count` then tells how many rows.
    """
    positions: dict[str, int] = {}
    unknown: list[str] = []
    known = set(dataset.names)
    for position, name in enumerate(names):
        plain = name.strip(WHITE).lower()
        if plain not in known:
            unknown.append(name.strip(WHITE)[:100])
        elif plain in positions:
            raise Refused("duplicate_column", plain, count())
        else:
            positions[plain] = position
    missing = [column for column in dataset.columns if column.name not in positions]
    for column in missing:
        if column.name in dataset.key:
            raise Refused("missing_key_column", column.name, count())
    for column in missing:
        if column.required:
            raise Refused("missing_required_column", column.name, count())
    optional = [column.name for column in missing if column.name not in ("updated_at", "withdrawn")]
    return Header(positions, len(names), optional, unknown)


def parquet_footer(file: Path) -> tuple[int, list[str], str]:
    """Rows, names of the columns, and the schema as text.

    Raises:
        Refused: not_parquet.
    """
    try:
        with pq.ParquetFile(file) as footer:
            schema = footer.schema_arrow
            return footer.metadata.num_rows, schema.names, schema.to_string(show_schema_metadata=False)
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise Refused("not_parquet", type(problem).__name__) from problem


def parquet_rows(connection: duckdb.DuckDBPyConnection, files: Sequence[Path], dataset: Dataset, received: int) -> Rows:
    """The rows of Parquet files of one schema; with more than one, `_file` is carried along.

    Raises:
        Refused: where the header is refused, or DuckDB would not read it: reserved_column, decimal_too_wide_column.
    """
    names = parquet_footer(files[0])[1]
    header = match_header(names, dataset, lambda: received)
    if reserved := next((name for name in names if name.lower() == "file_row_number"), None):
        raise Refused("reserved_column", reserved, received)
    schema = pq.read_schema(files[0])
    for name, at in header.positions.items():
        kind = schema.field(at).type
        if pa.types.is_decimal(kind) and kind.precision > DECIMAL_DIGITS:
            raise Refused("decimal_too_wide_column", name, received)
    picked = ", ".join(f"{quoted(names[at])} as {quoted(name)}" for name, at in header.positions.items())
    carried, origin = ("_line, _file", ", filename as _file") if len(files) > 1 else ("_line", "")
    paths = ", ".join(literal(str(file)) for file in files)
    options = "file_row_number = true" + (", filename = true" if origin else "")
    relation = f"(select {picked}, file_row_number + 1 as _line{origin} from read_parquet([{paths}], {options}))"
    described = connection.execute(f"describe select * from {relation}").fetchall()
    types = {name: kind for name, kind, *_ in described if name in header.positions}
    return Rows(relation, types, received, missing=header.missing, unknown=header.unknown, carried=carried)


def _csv(connection: duckdb.DuckDBPyConnection, text: Text, dataset: Dataset, fast: bool) -> Rows:
    count = survey(text)
    everything = records(text)
    first = next(everything, None)
    if first is None:
        raise Refused("empty_file", received=0)
    if first.cells is None:
        rows = 1 if first.problem == "unterminated_quote" else sum(1 for _ in everything)
        raise Refused("no_header", first.problem or "", rows)

    def rows_below() -> int:
        return count - 1 if count is not None else sum(1 for _ in records(text)) - 1

    header = match_header(first.cells, dataset, rows_below)
    if not fast or count is None or header.width > WIDE:
        everything.close()
        return _careful_csv(connection, text, dataset, header, rows_below())
    columns = ", ".join(f"'c{position}': 'VARCHAR'" for position in range(header.width))
    source = (
        f"read_csv({literal(str(text.file))}, auto_detect = false, header = true, columns = {{{columns}}}, delim = ',', "
        "quote = '\"', escape = '\"', new_line = '\\n', ignore_errors = true, null_padding = false)"
    )
    picked = ", ".join(f"c{position} as {quoted(name)}" for name, position in header.positions.items())
    # total order: DuckDB keeps the order of a file's rows
    relation = f"(select {picked}, row_number() over () + 1 as _line from {source})"
    types = dict.fromkeys(header.positions, "VARCHAR")
    rows = Rows(relation, types, count - 1, missing=header.missing, unknown=header.unknown)
    rows.trimmed, rows.absent, rows.serial = text.trimmed, text.absent, True
    return rows


def _careful_csv(
    connection: duckdb.DuckDBPyConnection, text: Text, dataset: Dataset, header: Header, received: int
) -> Rows:
    def rows() -> Iterable[Row | Refusal]:
        for record in islice(records(text), 1, None):
            if record.cells is None:
                yield Refusal(record.line, None, record.problem or "unreadable", record.raw)
            elif len(record.cells) != header.width:
                yield Refusal(record.line, None, "wrong_field_count", record.raw)
            else:
                yield Row(record.line, record.cells)

    result = _fill(connection, header, rows())
    result.received = received
    return result


def _staged(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, names: Sequence[str], rows: Iterable[Row | Refusal]
) -> Rows:
    header = match_header(names, dataset, lambda: sum(1 for _ in rows))
    return _fill(connection, header, rows)


def _fill(connection: duckdb.DuckDBPyConnection, header: Header, rows: Iterable[Row | Refusal]) -> Rows:
    """Put rows into a temporary table, batch by batch."""
    names, places = list(header.positions), list(header.positions.values())
    schema = pa.schema([(name, pa.string()) for name in names] + [("_line", pa.int64())])
    connection.execute(
        f"create or replace temp table {STAGE} ({', '.join(f'{quoted(n)} varchar' for n in names)}, _line bigint)"
    )
    refused: list[Refusal] = []
    received, iterator = 0, iter(rows)
    while batch := list(islice(iterator, BATCH)):
        received += len(batch)
        refused += [item for item in batch if isinstance(item, Refusal)]
        good = [item for item in batch if isinstance(item, Row)]
        columns = [pa.array([row.cells[at] for row in good], pa.string()) for at in places]
        table = pa.Table.from_arrays([*columns, pa.array([row.line for row in good], pa.int64())], schema=schema)
        connection.register("landing_batch", table)
        connection.execute(f"insert into {STAGE} select * from landing_batch").fetchall()
        connection.unregister("landing_batch")
    types = dict.fromkeys(names, "VARCHAR")
    return Rows(STAGE, types, received, refused, missing=header.missing, unknown=header.unknown)
