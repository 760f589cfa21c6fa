"""What the gates look at: narrow tables of figures about data, computed by DuckDB, a few rows each.

A profile never carries values of people: a row is named by file and line, a number by its cell.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

EXAMPLES = 5

# How people call the period of a row `{t}`.
PERIOD = """case {t}.period_kind
    when 'month' then strftime({t}.period_start, '%Y-%m')
    when 'quarter' then strftime({t}.period_start, '%Y') || '-Q' || quarter({t}.period_start)
    else strftime({t}.period_start, '%Y')
end"""


@dataclass(frozen=True)
class Profile:
    """One subject's figures.

    `frame`: a row per item (a delivery, a dataset, a KPI, an org unit) with `item`, `place` (how people call it) and
    the measures, numbers that may be null where they don't apply. `evidence`: item, measure, place, figure: where
    exactly a measure is off, at most `EXAMPLES` rows per item and measure.
    """

    subject: str
    frame: pd.DataFrame
    evidence: pd.DataFrame


def profile_of_faults(
    connection: duckdb.DuckDBPyConnection, subject: str, items: str, faults: Iterable[str], measures: Sequence[str]
) -> Profile:
    """A profile whose measures count faults.

    `items` is a query for item and place; each query in `faults` gives (item, measure, place, figure), a row per
    fault; `measures` are the kinds of fault that the queries look for, 0 where none was found.
    """
    connection.execute(
        "create or replace temp table faults (item varchar, measure varchar, place varchar, figure varchar)"
    )
    for query in faults:
        connection.execute(f"insert into faults {query}")
    counts = connection.execute("select item, measure, count(*) as faults from faults group by all").df()
    unknown = set(counts["measure"]) - set(measures)
    if unknown:
        raise ValueError(f"{subject}: faults of undeclared measures {sorted(unknown)}")
    evidence = connection.execute(f"""
        select item, measure, place, figure
        -- total order: equal rows read the same
        from (select *, row_number() over (partition by item, measure order by place, figure) as place_no from faults)
        where place_no <= {EXAMPLES}
        order by item, measure, place_no
    """).df()
    frame = connection.execute(f"select * from ({items}) order by item").df().set_index("item", drop=False)
    counted = counts.pivot(index="item", columns="measure", values="faults")
    for measure in measures:
        found = counted[measure] if measure in counted else pd.Series(dtype="float64")
        frame[measure] = found.reindex(frame.index).fillna(0).astype("float64")
    lost = set(counts["item"]) - set(frame.index)
    if lost:
        raise ValueError(f"{subject}: faults of items that are not in the profile: {sorted(lost)}")
    return Profile(subject, frame.reset_index(drop=True), evidence)


def repeated(table: str, key: str, item: str, place: str) -> str:
    """Query for the faults `duplicate_keys` of a table `v`: keys that several rows have."""
    return f"""
        select {item} as item, 'duplicate_keys' as measure, {place} as place, count(*) || ' rows' as figure
        from main.{table} as v
        group by {key}
        having count(*) > 1
    """
