"""Has a source changed its habits? Columns that the newest delivery fills far more or less often than those before."""

from collections.abc import Iterator

import duckdb

from orchestration.landing.contract import Dataset
from orchestration.quality.delivery_profiles import DELIVERIES_IN_ORDER, FEWEST, LOOK_BACK

# A share of empty cells says little about fewer rows, and a smaller change than this little about a source.
DRIFT_ROWS = 50
DRIFT_CHANGE = 0.25


def drifted_columns(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> Iterator[tuple[str, str, str, str]]:
    """One line per column whose share of empty cells jumped in a source's newest delivery: evidence of the measure."""
    recent = connection.execute(
        f"""
        select series, delivery, path, age_in_series
        from ({DELIVERIES_IN_ORDER})
        where dataset = ? and age_in_series <= ?
        qualify count(*) over (partition by series) > {FEWEST}
        """,
        [dataset.name, LOOK_BACK + 1],
    ).df()
    if recent.empty:
        return
    empty = ", ".join(f'1 - count("{column}") / count(*) as "{column}"' for column in dataset.names)
    shares = connection.execute(
        f"""
        select _delivery as delivery, {empty}
        from raw.{dataset.name}
        where list_contains(?, _delivery)
        group by _delivery
        having count(*) >= {DRIFT_ROWS}
        """,
        [recent["delivery"].tolist()],
    ).df()
    for _, source in recent.merge(shares, on="delivery").sort_values("age_in_series").groupby("series"):
        newest, earlier = source.iloc[0], source.iloc[1:]
        if newest["age_in_series"] != 1 or len(earlier) < FEWEST:
            continue
        usual = earlier[list(dataset.names)].median()
        for column in dataset.names:
            if abs(newest[column] - usual[column]) >= DRIFT_CHANGE:
                figure = f"{column}: {newest[column]:.0%} empty, {usual[column]:.0%} is usual"
                yield dataset.name, "drifted_columns", newest["path"], figure
