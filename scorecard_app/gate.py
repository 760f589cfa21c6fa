"""The one gate between a published version and a viewer: pages, charts, tables and downloads all read through it.

A viewer's connection holds temporary views under the tables' own names that show the viewer's part only, so that a
query can't forget its filter. What a view lets through:

- tables with `org_unit_id`: units at or below a granted one, in periods in which they were (`org_unit_paths`); a unit
  that closed or moved stays visible to who led it then;
- values of a KPI at another unit, without slices, where a visible scorecard is measured there, for the same periods;
- SHARED, what explains everybody's numbers: whoever sees any. What an action cost: its owner, and the company;
- OPEN: everybody, as words and definitions;
- any other table without a unit: whoever may see the whole company.
"""

import threading
from collections import OrderedDict
from functools import cached_property, lru_cache

import duckdb

from scorecard_app.access.roles import COMPANY, Viewer
from scorecard_app.published import Published
from scorecard_app.queries import Queries, Row, fetch

OPEN = frozenset({"kpis", "labels", "data_quality"})
ACTIONS = "business_actions"
SHARED = frozenset({ACTIONS, "field_notes"})
KEPT_ANSWERS = 2_000


class Scoped(Queries):
    """A version as one scope sees it. Safe to share between threads and between viewers of equal scope."""

    def __init__(self, published: Published, viewer: Viewer) -> None:
        self.about, self.folder = published.about, published.folder
        self.key = (published.about.name, viewer.scope_key)
        self._connection = published.cursor()
        self._lock = threading.Lock()
        self._answers: OrderedDict[tuple, list[Row]] = OrderedDict()
        tables = _columns(self._connection)
        _scope(self._connection, viewer, "org_unit_paths" in tables)
        sees_all = _sees_all(self._connection, viewer)
        for table, columns in sorted(tables.items()):
            shown, what = ("true", "*") if sees_all else (_visible(table, columns), _shown_columns(table))
            self._connection.execute(
                f'create temp view "{table}" as select {what} from memory.main."{table}" as t where {shown}'
            )

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """One read-only statement's rows; values only ever enter as `$name` parameters. Answers are kept."""
        asked = (query, *parameters.items())
        with self._lock:
            if asked not in self._answers:
                if not _only_reads(query):
                    raise ValueError("a page may ask, with a single select statement, and nothing else")
                self._answers[asked] = fetch(self._connection, query, parameters)
                if len(self._answers) > KEPT_ANSWERS:
                    self._answers.popitem(last=False)
            return [dict(row) for row in self._answers[asked]]

    @cached_property
    def _catalogue(self) -> dict[str, Row]:
        return super().kpis()

    @cached_property
    def _labels(self) -> dict[str, Row]:
        return super().labels()

    @cached_property
    def _units(self) -> dict[str, Row]:
        own = {row["org_unit_id"] for row in self.rows("select distinct org_unit_id from temp.main.seen_units")}
        return {unit: row for unit, row in super().units().items() if unit in own}

    # Every request asks for these three and none changes them: a copy each would be a tenth of a click.
    def kpis(self) -> dict[str, Row]:
        """The catalogue, shared by all who ask: not to be changed."""
        return self._catalogue

    def labels(self) -> dict[str, Row]:
        """Texts of codes, shared likewise."""
        return self._labels

    def units(self) -> dict[str, Row]:
        """The viewer's own units as a tree, shared likewise; others, where a KPI is measured, are no choice."""
        return self._units

    @property
    def sees_company(self) -> bool:
        """Whether tables without a unit are shown."""
        return bool(self.rows("from temp.main.seen_company"))

    def has(self, table: str) -> bool:
        """Whether the version has this table; older versions lack the younger ones."""
        return bool(self.rows("select 1 from duckdb_views() where view_name = $table and temporary", table=table))


@lru_cache(maxsize=1_000)
def _only_reads(query: str) -> bool:
    statements = duckdb.extract_statements(query)
    return len(statements) == 1 and statements[0].type == duckdb.StatementType.SELECT


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    found = connection.execute(
        "select table_name, list(column_name) from duckdb_columns() where database_name = 'memory' "
        "and schema_name = 'main' and not internal group by table_name"
    ).fetchall()
    return {table: set(columns) for table, columns in found}


def _sees_all(connection: duckdb.DuckDBPyConnection, viewer: Viewer) -> bool:
    """Whether a grant opens the whole company for all time: then nothing needs filtering."""
    root = _root(connection)
    return any(grant.unit in (COMPANY, root) and grant.is_for_ever for grant in viewer.number_grants())


def _root(connection: duckdb.DuckDBPyConnection) -> str | None:
    found = connection.execute("select min(org_unit_id) from memory.main.org_units where parent_org_unit_id is null")
    return (found.fetchone() or (None,))[0]


def _scope(connection: duckdb.DuckDBPyConnection, viewer: Viewer, has_paths: bool) -> None:
    """Temporary tables: `seen_units` with the days of each, `seen_periods`, `seen_measures`, `seen_company`."""
    connection.execute("create temp table granted (ancestor_org_unit_id varchar, day_from date, day_to date)")
    for grant in viewer.number_grants():
        unit = _root(connection) if grant.unit == COMPANY else grant.unit
        connection.execute("insert into granted values ($1, $2, $3)", [unit, grant.since, grant.until])
    if has_paths:
        paths = "memory.main.org_unit_paths"
    else:
        connection.execute(_PATHS_AS_THEY_STAND)
        paths = "standing_paths"
    connection.execute(_SEEN.format(paths=paths))


# A version published without `org_unit_paths`: the tree as it stands, for all time.
_PATHS_AS_THEY_STAND = """
    create temp table standing_paths as
    with recursive walk as (
        select org_unit_id, org_unit_id as ancestor_org_unit_id, parent_org_unit_id as next_id, 0 as steps
        from memory.main.org_units
        union all
        select w.org_unit_id, u.org_unit_id, u.parent_org_unit_id, w.steps + 1
        from walk as w inner join memory.main.org_units as u on u.org_unit_id = w.next_id
        where w.steps < 20
    )
    select distinct org_unit_id, ancestor_org_unit_id, date '0001-01-01' as day_from, date '9999-12-31' as day_to from walk
"""

# Days are half-open in paths, inclusive in grants. A period is seen when its days and those of the scope overlap.
_SEEN = """
    create temp table seen_units as
    select distinct
        p.org_unit_id,
        greatest(p.day_from, g.day_from) as day_from,
        least(p.day_to, case when g.day_to = date '9999-12-31' then g.day_to else g.day_to + 1 end) as day_to
    from {paths} as p
    inner join granted as g on g.ancestor_org_unit_id = p.ancestor_org_unit_id and p.day_from <= g.day_to and g.day_from < p.day_to;

    create temp table seen_periods as
    select distinct s.org_unit_id, v.period_kind, v.period_start
    from (
        select period_kind, period_start from memory.main.kpi_values
        union
        select period_kind, period_start from memory.main.scorecards
        union
        select period_kind, period_start from memory.main.department_scores
    ) as v
    inner join seen_units as s
        on v.period_start < s.day_to
        and v.period_start + case v.period_kind when 'month' then interval 1 month when 'quarter' then interval 3 month
            else interval 1 year end > s.day_from;

    create temp table seen_measures as
    select distinct c.kpi_id, c.measured_org_unit_id as org_unit_id, s.period_kind, s.period_start
    from (
        select distinct k.kpi_id, k.org_unit_id, k.measured_org_unit_id
        from memory.main.scorecards as k
        inner join seen_periods as p
            on p.org_unit_id = k.org_unit_id and p.period_kind = k.period_kind and p.period_start = k.period_start
        where k.measured_org_unit_id <> k.org_unit_id
    ) as c
    inner join seen_periods as s on s.org_unit_id = c.org_unit_id;

    create temp table seen_company as
    select 1 as whole
    from seen_units as s
    inner join memory.main.org_units as u on u.org_unit_id = s.org_unit_id and u.parent_org_unit_id is null
    where s.day_to = date '9999-12-31'
"""


def _visible(table: str, columns: set[str]) -> str:
    """The condition under which a row of the table is shown."""
    seen = "select org_unit_id from temp.main.seen_units"
    company = "(select count(*) > 0 from temp.main.seen_company)"
    if table in OPEN:
        return "true"
    if table == "org_units":
        return f"t.org_unit_id in ({seen} union select org_unit_id from temp.main.seen_measures)"
    if table in SHARED:
        return "(select count(*) > 0 from temp.main.seen_units)"
    if "org_unit_id" not in columns:
        return company
    if "period_start" not in columns:
        return f"t.org_unit_id in ({seen})"
    kind = "t.period_kind" if "period_kind" in columns else "'month'"
    periods = "select (org_unit_id, period_kind, period_start) from temp.main.seen_periods"
    own = f"(t.org_unit_id, {kind}, t.period_start) in ({periods})"
    if "kpi_id" not in columns or "measured_org_unit_id" in columns:
        return own
    whole = "t.slice_dimension = 'all' and " if "slice_dimension" in columns else ""
    measures = "select (kpi_id, org_unit_id, period_kind, period_start) from temp.main.seen_measures"
    return f"{own} or ({whole}(t.kpi_id, t.org_unit_id, {kind}, t.period_start) in ({measures}))"


def _shown_columns(table: str) -> str:
    """All columns; of an action, its cost only to whom it belongs."""
    if table != ACTIONS:
        return "*"
    own = "t.owner_org_unit_id in (select org_unit_id from temp.main.seen_units)"
    company = "(select count(*) > 0 from temp.main.seen_company)"
    return f"* replace (case when {own} or {company} then t.cost_amount end as cost_amount)"
