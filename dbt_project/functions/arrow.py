"""Plain Python functions of a few texts as vectorised DuckDB functions."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from duckdb import sqltype, struct_type
from duckdb.func import FunctionNullHandling, PythonUDFType

_ARROW = {
    "varchar": pa.string(),
    "varchar[]": pa.list_(pa.string()),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def register_rows(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    answer: Callable[..., Any],
    parameters: Sequence[str],
    returns: str | Mapping[str, str],
) -> None:
    """Make `name` known to the connection: row by row `answer(*arguments)`, nulls included.

    Args:
        answer: gives one value; where `returns` is a mapping, a tuple of as many, or None for nulls only.
        parameters: DuckDB types of the arguments.
        returns: DuckDB type of the answer, or name → type of the fields of a struct.
    """
    fields = None if isinstance(returns, str) else dict(returns)

    def rows(*columns: pa.ChunkedArray) -> pa.Array:
        answers = [answer(*row) for row in zip(*(column.to_pylist() for column in columns), strict=True)]
        if fields is None:
            return pa.array(answers, _ARROW[str(returns)])
        nothing = (None,) * len(fields)
        parts = zip(*(found or nothing for found in answers), strict=True) if answers else ([] for _ in fields)
        arrays = [pa.array(part, _ARROW[kind]) for part, kind in zip(parts, fields.values(), strict=True)]
        return pa.StructArray.from_arrays(arrays, names=list(fields))

    connection.create_function(
        name,
        _of(rows, len(parameters)),
        [sqltype(kind) for kind in parameters],
        sqltype(str(returns)) if fields is None else struct_type({key: sqltype(kind) for key, kind in fields.items()}),
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )


def _of(function: Callable[..., pa.Array], parameters: int) -> Callable[..., pa.Array]:
    """The function with so many parameters: DuckDB counts them."""
    if parameters == 1:
        return lambda a: function(a)
    if parameters == 2:
        return lambda a, b: function(a, b)
    return lambda a, b, c: function(a, b, c)
