"""Distribution functions that DuckDB lacks, by scipy."""

import duckdb
import numpy as np
import pyarrow as pa
from duckdb.func import FunctionNullHandling, PythonUDFType
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


def t_quantile(probability: pa.Array, degrees_of_freedom: pa.Array) -> pa.Array:
    """Quantile of Student's t distribution; null in, null out, and null where the degrees of freedom are below 1."""
    freedom = degrees_of_freedom.to_numpy(zero_copy_only=False)
    quantile = special.stdtrit(freedom, probability.to_numpy(zero_copy_only=False))
    return pa.array(np.where(freedom >= 1, quantile, np.nan), from_pandas=True)


def normal_tail(z: pa.Array) -> pa.Array:
    """Probability that a standard normal variable exceeds z; null in, null out."""
    return pa.array(special.ndtr(-z.to_numpy(zero_copy_only=False)), from_pandas=True)


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to this connection; they see nulls themselves, because some answers are null too."""
    for function, parameters in ((gamma_quantile, 2), (t_quantile, 2), (normal_tail, 1)):
        connection.create_function(
            function.__name__,
            function,
            [DOUBLE] * parameters,
            DOUBLE,
            type=PythonUDFType.ARROW,
            null_handling=FunctionNullHandling.SPECIAL,
        )
