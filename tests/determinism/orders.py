"""Window functions whose answer depends on ties: their order must be total."""

from collections.abc import Collection, Iterable, Iterator

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
            name, definition = _name(window, sql), _definition(window)
            if not _depends_on_ties(name, definition) or _is_total(definition, known):
                continue
            if any(excused(lines, *_extent(part)) for part in (window, definition)):
                continue
            problem = "is not known to have a total order" if definition.args.get("order") else "has no order"
            remedy = "end its order by with the key of what it reads, or say above it `-- total order: why`"
            yield Finding(_extent(window)[0], f"{name} over", problem, remedy)


def _is_total(definition: exp.Window, keys: Collection[Key]) -> bool:
    """Do partition and order hold a key? A partition that is a key by itself may be one of a joined table: no."""
    order = definition.args.get("order")
    partition = _columns(definition.args.get("partition_by") or [])
    ordered = _columns([term.this for term in order.expressions] if order else [])
    return any(key <= partition | ordered and key & ordered for key in keys)


def _columns(terms: Iterable[exp.Expr]) -> set[str]:
    """Names of the terms that are plain columns; an expression may give two rows one value."""
    return {term.name.lower() for term in terms if _is_column(term)}


def _is_column(term: exp.Expr) -> bool:
    return isinstance(term, exp.Column)


def _extent(node: exp.Expr) -> tuple[int, int]:
    """First and last line of the node."""
    lines = [part.meta["line"] for part in node.walk() if "line" in part.meta]
    return min(lines, default=1), max(lines, default=1)


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
