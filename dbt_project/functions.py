"""Distribution functions that DuckDB lacks, as vectorised scipy UDFs; called through macros/dispatch.sql only."""

import duckdb
import pyarrow as pa
from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb.func import PythonUDFType
from duckdb.sqltypes import DOUBLE
from scipy import special


def gamma_quantile(probability: pa.Array, shape: pa.Array) -> pa.Array:
    """Quantile of the gamma distribution with the given shape and scale 1; null in, null out.

    Exact Poisson limits come from it: Garwood (1936), Biometrika 28, 437-442.
    """
    return pa.array(
        special.gammaincinv(shape.to_numpy(zero_copy_only=False), probability.to_numpy(zero_copy_only=False)),
        from_pandas=True,
    )


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to this connection."""
    connection.create_function("gamma_quantile", gamma_quantile, [DOUBLE, DOUBLE], DOUBLE, type=PythonUDFType.ARROW)


class Plugin(BasePlugin):
    """dbt-duckdb loads this class by the profile's `plugins` entry."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        register(conn)
