"""Is what staging hands on fit to use? One row per dataset of the contract."""

import duckdb
import pandas as pd

from orchestration.landing.contract import Column, Contract, Dataset
from orchestration.quality.drift import drifted_columns
from orchestration.quality.profiles import EXAMPLES, Profile

# What a business produces all the time; of the others it is normal that nothing new comes for months.
STREAMS = ("orders", "contacts", "cases", "survey_responses", "loyalty_events")
# No till or web shop has events that are older; 1900-01-01 and 1970-01-01 stand where a system knows no time.
FIRST_BELIEVED = "1990-01-01"
Lines = list[tuple[str, str, str, str]]


def dataset_profile(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Profile:
    """Profile of the tables `main.stg_<dataset>`; the item is the dataset.

    unstaged, absent: 1 where the table is missing, or empty. null_keys, duplicate_keys, below_minimum,
    after_as_of, unbelievably_old, score_out_of_scale, unknown_unit: rows. stale_days: days from the newest event to as_of (streams only).
    drifted_columns: columns whose share of empty cells in the newest delivery is far from the median of those before.
    """
    staged = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    staged |= {name for (name,) in connection.execute("select view_name from duckdb_views()").fetchall()}
    rows, evidence = [], []
    for dataset in contract.datasets.values():
        measures, lines = _profile(connection, dataset, f"stg_{dataset.name}" in staged)
        rows.append({"item": dataset.name, "place": dataset.name, **measures})
        evidence.extend(lines)
    frame = pd.DataFrame(rows).astype(dict.fromkeys(MEASURES, "float64"))
    return Profile("datasets", frame, pd.DataFrame(evidence, columns=["item", "measure", "place", "figure"]))


MEASURES = (
    "unstaged",
    "absent",
    "null_keys",
    "duplicate_keys",
    "below_minimum",
    "after_as_of",
    "unbelievably_old",
    "score_out_of_scale",
    "unknown_unit",
    "stale_days",
    "drifted_columns",
)


def _profile(connection: duckdb.DuckDBPyConnection, dataset: Dataset, is_staged: bool) -> tuple[dict, Lines]:
    """Measures of one dataset, and the evidence for those that count faulty rows."""
    measures = dict.fromkeys(MEASURES)
    measures["unstaged"] = int(not is_staged)
    if not is_staged:
        return measures, []
    tests = _row_tests(dataset)
    counts = ", ".join(f"count(*) filter (where {test}) as {name}" for name, test, _ in tests)
    newest = f"date_diff('day', max(s.{dataset.event_time}), max(c.as_of))" if dataset.name in STREAMS else "null"
    found = (
        connection.execute(f"""
        select cast(count(*) = 0 as integer) as absent, {newest} as stale_days, {counts}
        from main.stg_{dataset.name} as s
        cross join config.settings as c
    """)
        .df()
        .iloc[0]
    )
    measures |= found.to_dict()
    lines: Lines = []
    for name, test, figure in tests:
        if measures[name]:
            lines += _examples(connection, dataset, name, f"where {test}", figure)
    for name, query in (("duplicate_keys", _duplicates), ("score_out_of_scale", _out_of_scale)):
        measures[name], more = query(connection, dataset)
        lines += more
    drifted = list(drifted_columns(connection, dataset))
    measures["drifted_columns"] = len(drifted)
    return measures, lines + drifted


def _row_tests(dataset: Dataset) -> list[tuple[str, str, str]]:
    """(measure, condition on a row `s` and the settings `c`, what to say of it) that one scan answers together."""
    tests = [("null_keys", " or ".join(f"s.{column} is null" for column in dataset.key), "'an empty key column'")]
    bounded = [_below_minimum(column) for column in dataset.columns if column.minimum is not None]
    tests.append(("below_minimum", " or ".join(bounded) or "false", "'a value below the contract''s minimum'"))
    late = f"s.{dataset.event_time} > c.as_of" if dataset.event_time else "false"
    tests.append(("after_as_of", late, "'stamped after as_of'"))
    early = f"s.{dataset.event_time} < timestamp '{FIRST_BELIEVED}'" if dataset.event_time else "false"
    tests.append(("unbelievably_old", early, f"'stamped before {FIRST_BELIEVED}'"))
    if "org_unit_id" in dataset.names and dataset.name != "org_units":
        known = "select org_unit_id from main.stg_org_units"
        unknown = f"exists ({known}) and s.org_unit_id is not null and s.org_unit_id not in ({known})"
        tests.append(("unknown_unit", unknown, "'unit ' || s.org_unit_id"))
    if dataset.name == "org_units":
        known = "select org_unit_id from main.stg_org_units"
        unknown = f"s.parent_org_unit_id is not null and s.parent_org_unit_id not in ({known})"
        tests.append(
            ("unknown_unit", f"{unknown} or s.parent_org_unit_id = s.org_unit_id", "'parent ' || s.parent_org_unit_id")
        )
    return tests


def _below_minimum(column: Column) -> str:
    waived = [
        f"s.{other} not in ({', '.join(repr(value) for value in values)})" for other, values in column.minimum_except
    ]
    return " and ".join([f"(s.{column.name} < {column.minimum}", *waived]) + ")"


def _examples(connection: duckdb.DuckDBPyConnection, dataset: Dataset, measure: str, which: str, figure: str) -> Lines:
    """File and line of the first rows that `which` (joins and a condition on `s` and `c`) picks."""
    rows = connection.execute(f"""
        select coalesce(d.path, 'main.stg_{dataset.name}') || ' line ' || coalesce(s._line, 0) as place, {figure} as figure
        from main.stg_{dataset.name} as s
        cross join config.settings as c
        left join (
            select delivery, min(path) as path from raw.deliveries where dataset = '{dataset.name}' group by delivery
        ) as d on s._delivery = d.delivery
        {which}
        order by d.path, s._line
        limit {EXAMPLES}
    """).fetchall()
    return [(dataset.name, measure, place, figure) for place, figure in rows]


def _duplicates(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> tuple[int, Lines]:
    """Rows whose key another row has too. Hashes first: grouping 64-bit numbers is far cheaper than grouping texts."""
    table, key = f"main.stg_{dataset.name}", ", ".join(dataset.key)
    suspects = f"select hash({key}) as suspect from {table} group by 1 having count(*) > 1"
    if not connection.execute(f"{suspects} limit 1").fetchall():
        return 0, []
    several = f"""
        select {key} from {table} where hash({key}) in ({suspects})
        group by {key} having count(*) > 1
    """
    same = " and ".join(f"s.{column} is not distinct from k.{column}" for column in dataset.key)
    count = _scalar(connection, f"select count(*) from {table} as s inner join ({several}) as k on {same}")
    which = f"inner join ({several}) as k on {same}"
    return count, _examples(connection, dataset, "duplicate_keys", which, "'the same key as another row'")


def _out_of_scale(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> tuple[int | None, Lines]:
    """Answers outside their question's scale; null for every other dataset."""
    if dataset.name != "survey_responses":
        return None, []
    which = """
        inner join main.stg_survey_questions as q on s.question_code = q.question_code
        where s.score < q.scale_min or s.score > q.scale_max
    """
    count = _scalar(connection, f"select count(*) from main.stg_survey_responses as s {which}")
    figure = "'outside ' || q.scale_min || '…' || q.scale_max || ' of question ' || s.question_code"
    return count, _examples(connection, dataset, "score_out_of_scale", which, figure) if count else []


def _scalar(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The single number a query gives."""
    return int(connection.execute(query).fetchall()[0][0])
