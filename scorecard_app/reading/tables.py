"""Which tables a version has: older ones lack the younger tables."""

from scorecard_app.queries import Queries


def has_table(data: Queries, table: str) -> bool:
    """Whether the reader of the version may ask for this table."""
    return bool(data.rows("select 1 from duckdb_columns() where table_name = $table limit 1", table=table))
