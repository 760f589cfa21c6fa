"""Window functions whose answer depends on ties: their order must be total."""

from collections.abc import Collection, Iterator

import sqlglot
from sqlglot import exp

from tests.determinism.findings import Finding, excused, names

TIE_DEPENDENT = names("row_number ntile lag lead first_value last_value nth_value first last any_value")
Key = frozenset[str]


def untotal_windows(sql: str, keys: Collection[Key] = ()) -> Iterator[Finding]:
    """Tie-dependent windows that neither hold a key in partition and order nor say `-- total order: why`.

    Args:
        sql: statements as DuckDB reads them.
        keys: sets of column names that are unique in a relation the SQL reads. What it groups by itself is added.

    Raises:
        sqlglot.errors.ParseError: where the SQL cannot be parsed.
    """
    lines = sql.splitlines()
    for tree in filter(None, sqlglot.parse(sql, dialect="duckdb")):
        known = {*keys, *_formed_keys(tree)}
        for window in tree.find_all(exp.Window):
            if window.parent_select is None or window.arg_key == "windows":
                continue  # the definition of a named window: judged where it is used
            name = _name(window, sql)
            definition = _definition(window)
            if not _depends_on_ties(name, definition):
                continue
            partition = {
                column.name.lower() for column in definition.args.get("partition_by") or [] if _is_column(column)
            }
            order = definition.args.get("order")
            ordered = [term.this for term in order.expressions] if order else []
            last = {column.name.lower() for column in ordered if _is_column(column)}
            if any(key <= partition | last and (key & last or not partition) for key in known if key):
                continue
            places = [*_lines(window), *_lines(definition)]
            if not excused(lines, min(places, default=1), max(_lines(window), default=1)) and not excused(
                lines, min(_lines(definition), default=1), max(_lines(definition), default=1)
            ):
                problem = "has no order" if order is None else "is not known to have a total order"
                remedy = "end its order by with the key of what it reads, or say above it `-- total order: why`"
                yield Finding(min(_lines(window), default=1), f"{name} over", problem, remedy)


def _is_column(term: exp.Expr) -> bool:
    return isinstance(term, exp.Column)


def _lines(node: exp.Expr) -> list[int]:
    return [part.meta["line"] for part in node.walk() if "line" in part.meta]


def _name(window: exp.Window, sql: str) -> str:
    """The function as written: `row_number`, also inside FILTER or IGNORE NULLS."""
    function = window.this
    while isinstance(function, exp.Filter | exp.IgnoreNulls | exp.RespectNulls):
        function = function.this
    if "start" in function.meta:
        return sql[function.meta["start"] : function.meta["end"] + 1].lower()
    return function.sql_name().lower() if isinstance(function, exp.Func) else function.name.lower()


def _definition(window: exp.Window) -> exp.Window:
    """The named window that `over name` means, else the window itself."""
    alias = window.args.get("alias")
    if alias is not None and window.parent_select is not None:
        for named in window.parent_select.args.get("windows") or []:
            if named.this.name.lower() == alias.name.lower():
                return named
    return window


def _depends_on_ties(name: str, definition: exp.Window) -> bool:
    spec = definition.args.get("spec")
    counts_rows = spec is not None and str(spec.args.get("kind") or "").upper() == "ROWS"
    whole = counts_rows and spec.args.get("start") == spec.args.get("end") == "UNBOUNDED"
    return name in TIE_DEPENDENT or (counts_rows and not whole)


def _formed_keys(tree: exp.Expr) -> Iterator[Key]:
    """What the SQL makes unique itself: the columns of GROUP BY, SELECT DISTINCT and UNION."""
    for select in tree.find_all(exp.Select):
        group = select.args.get("group")
        if group and group.expressions and all(_is_column(column) for column in group.expressions):
            yield frozenset(column.name.lower() for column in group.expressions)
        if select.args.get("distinct"):
            yield frozenset(name.lower() for name in select.named_selects)
    for union in tree.find_all(exp.Union):
        if union.args.get("distinct"):
            yield frozenset(name.lower() for name in union.named_selects)
