"""Has a source changed its habits? Columns that the newest delivery fills far more or less often than those before."""

from collections.abc import Iterator

import duckdb

from orchestration.landing.contract import Dataset
from orchestration.quality.delivery_profiles import LOOK_BACK

# A share of empty cells says little about fewer rows, and a smaller change than this little about a source.
DRIFT_ROWS = 50
DRIFT_CHANGE = 0.25


def drifted_columns(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[tuple[str, str, str, str]]:
    """One line per column whose share of empty cells jumped in the newest delivery."""
    recent = connection.execute(
        """
        select delivery, min(path) as path
        from raw.deliveries
        where dataset = ? and status = 'loaded' and received >= ?
        group by delivery
        order by max(first_seen) desc, max(path) desc
        limit ?
        """,
        [dataset.name, DRIFT_ROWS, LOOK_BACK + 1],
    ).fetchall()
    if len(recent) < 2:
        return
    empty = ", ".join(f'1 - count("{column}") / count(*) as "{column}"' for column in dataset.names)
    shares = (
        connection.execute(
            f"select _delivery, {empty} from raw.{dataset.name} where list_contains(?, _delivery) group by _delivery",
            [[delivery for delivery, _ in recent]],
        )
        .df()
        .set_index("_delivery")
    )
    newest, path = recent[0]
    if newest not in shares.index:
        return
    usual = shares.drop(newest).median()
    for column in dataset.names:
        now, before = shares.loc[newest, column], usual[column]
        if abs(now - before) >= DRIFT_CHANGE:
            yield dataset.name, "drifted_columns", path, f"{column}: {now:.0%} empty, {before:.0%} is usual"
