"""What SQL lacks, as vectorised functions; called through macros/dispatch.sql only."""

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from . import addresses, dates, distributions, names, phones, shrinkage, suppression


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every function known to this connection."""
    for module in (distributions, names, phones, dates, addresses, shrinkage, suppression):
        module.register(connection)


class Plugin(BasePlugin):
    """dbt-duckdb loads this class by the profile's `plugins` entry."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)
