"""How much of what was delivered could be used, from the counts that a run published.

That these counts are right, row by row, is held elsewhere: what is received is counted apart from what is parsed.
"""

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from .facts import Facts
from .periods import Period

_ROWS = {"sampling_unit": pl.String, "x": pl.Int64, "y": pl.Int64}


def counts_of_the_run(data: Path) -> pl.DataFrame:
    """(sampling_unit, x, y) per dataset: rows without duplicates, and those of them that were not refused."""
    published = data / "published" / "current" / "data_quality.parquet"
    if not published.exists():
        return pl.DataFrame(schema=_ROWS)
    deliveries = pl.read_parquet(published).filter(~pl.col("status").is_in(["duplicate", "waiting"]))
    x = pl.col("received").sum() - pl.col("duplicate").sum()
    found = deliveries.group_by(sampling_unit="dataset").agg(x=x, y=x - pl.col("quarantined").sum())
    return found.cast(pl.Schema(_ROWS)).filter(pl.col("x") > 0)


def data_quality_pass(counts: pl.DataFrame, facts: Facts, calendar: list[Period], today: date) -> pl.DataFrame:
    """A row per dataset, in the newest month, on its last day before today."""
    newest = max((period.end for period in calendar if period.kind == "month"), default=today)
    day = pl.lit(min(newest, today) - timedelta(days=1))
    return counts.with_columns(
        customer_key=pl.lit(None, pl.String),
        is_weak=pl.lit(False),
        day=day,
        path_day=day,
        leaf=pl.lit(facts.tree.root),
        item="sampling_unit",
    ).filter(pl.lit(bool(calendar)))
