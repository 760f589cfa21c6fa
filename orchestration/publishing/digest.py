"""The logical digest: equal for equal numbers, whatever wrote the files.

A table's rows become lines of canonical text, in key order; SHA-256 over the lines is the table's digest, and
SHA-256 over the sorted tables is the version's. The text follows PostgreSQL's COPY: columns cut by a tab, rows
ended by a line feed, null is a backslash and N, and a backslash, tab, line feed or carriage return inside a value
is escaped — so null differs from empty text and no value can imitate a separator.

Every rendering is one that a standard fixes (C's `%.17g` for a double, which is exact; microseconds for a time),
never a bare cast that another DuckDB version may print differently.
"""

import hashlib
from collections.abc import Mapping, Sequence

import duckdb

from orchestration.errors import PublishingError

Column = tuple[str, str]
"""A column's name and its DuckDB type, as `typeof` writes it."""

NULL = "\\N"
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_PLAIN = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BOOLEAN", "DATE", "DECIMAL")
_ROWS_AT_A_TIME = 20_000


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _escaped(text: str, *characters: str) -> str:
    for plain, written in _ESCAPES + tuple((character, "\\" + character) for character in characters):
        text = f"replace({text}, '{plain}', '{written}')"
    return text


def _filled(value: str, kind: str) -> str:
    """SQL for the text of a value that is not null."""
    if kind.endswith("[]"):
        # A comma ends every element, so that [''] and [] differ.
        element = _escaped(_filled("element", kind[:-2]), ",")
        parts = f"list_transform({value}, lambda element: coalesce({element}, '{NULL}') || ',')"
        return f"'{{' || array_to_string({parts}, '') || '}}'"
    if kind == "VARCHAR":
        return _escaped(value)
    if kind in ("DOUBLE", "FLOAT"):
        # Adding zero turns -0.0, which SQL cannot tell from 0.0, into 0.0.
        return f"printf('%.17g', cast({value} as double) + 0.0)"
    if kind == "TIMESTAMP":
        return f"cast(epoch_us({value}) as varchar)"
    if kind.split("(")[0] in _PLAIN:
        return f"cast({value} as varchar)"
    raise PublishingError(f"the published digest knows no canonical text for type {kind}; add one in {__name__}")


def canonical_row(columns: Sequence[Column]) -> str:
    """SQL for one row's canonical text, without the line feed that ends it."""
    cells = (f"coalesce({_filled(quoted(name), kind)}, '{NULL}')" for name, kind in columns)
    return " || '\t' || ".join(cells)


def total_order(columns: Sequence[Column], key: Sequence[str]) -> str:
    """The `order by` list that leaves no tie between rows that differ: the key, then every other column."""
    names = [*key, *(name for name, _ in columns if name not in key)]
    return ", ".join(f"{quoted(name)} nulls first" for name in names)


def table_digest(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    columns: Sequence[Column],
    key: Sequence[str],
    parameters: Sequence[object] = (),
) -> str:
    """SHA-256 (hex) over the columns' names and types and the rows in key order.

    `source` is what stands after `from`: a quoted table, or `read_parquet(?)` with its `parameters`.
    Rows are fetched in batches: memory holds DuckDB's sort, never the whole text.
    """
    digest = hashlib.sha256()
    digest.update(("\t".join(f"{name} {kind}" for name, kind in columns) + "\n").encode())
    lines = connection.execute(
        f"select {canonical_row(columns)} from {source} order by {total_order(columns, key)}", list(parameters)
    )
    while rows := lines.fetchmany(_ROWS_AT_A_TIME):
        digest.update(("\n".join(row[0] for row in rows) + "\n").encode())
    return digest.hexdigest()


def published_digest(tables: Mapping[str, str]) -> str:
    """SHA-256 (hex) over the tables' digests, tables in alphabetical order."""
    digest = hashlib.sha256()
    for name in sorted(tables):
        digest.update(f"{name}\t{tables[name]}\n".encode())
    return digest.hexdigest()
