"""The list of order-sensitive aggregates is what DuckDB really does, not hearsay."""

import random

import duckdb
import pytest

from tests.determinism.floats import ORDER_SENSITIVE

NUMBERS = [1e16, 1.0, -1e16, 3.3, 0.1, 0.7, 1e-9, 5e15, 2.5, -3.3]
POSITIVE = [1e-3, 7.7, 3.3, 0.1, 0.7, 123.4, 2.5, 9.9, 1e3, 0.3]


def answers(connection: duckdb.DuckDBPyConnection, call: str, numbers: list[float], kind: str = "double") -> int:
    """How many different answers sixty orders of the same numbers give."""
    shuffle, seen = random.Random(1), set()
    for _ in range(60):
        shuffled = shuffle.sample(numbers, len(numbers))
        seen.add(
            connection.execute(f"select {call} from (select unnest(?::{kind}[]) as a)", [shuffled]).fetchall()[0][0]
        )
    return len(seen)


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        yield connection


@pytest.mark.parametrize(
    "name", ["sum", "avg", "fsum", "favg", "product", "var_samp", "skewness", "corr", "covar_pop", "regr_slope"]
)
def test_what_is_refused_follows_the_order_of_rows(name, connection):
    assert name in ORDER_SENSITIVE
    call = f"{name}(a, a * a / 7 + 1)" if name.startswith(("corr", "covar", "regr")) else f"{name}(a)"
    assert answers(connection, call, NUMBERS) > 1


@pytest.mark.parametrize(
    "call",
    ["min(a)", "max(a)", "median(a)", "mad(a)", "quantile_cont(a, 0.3)", "quantile_disc(a, 0.3)", "count(distinct a)"],
)
def test_what_is_allowed_does_not(call, connection):
    assert call.split("(")[0] not in ORDER_SENSITIVE
    assert answers(connection, call, NUMBERS) == answers(connection, call, POSITIVE) == 1


@pytest.mark.parametrize("kind", ["decimal(18,4)", "bigint"])
@pytest.mark.parametrize("call", ["sum(a)", "avg(a)", "sum(a * cast(7 as integer))"])
def test_exact_numbers_have_exact_sums(call, kind, connection):
    assert answers(connection, call, [number * 1_003 for number in POSITIVE], kind) == 1
