"""The interval macros against published figures and their edges, without dbt: SQL text in, DuckDB's answer out."""

import math
from collections.abc import Sequence

import duckdb
import jinja2
import pytest
from scipy import stats

from dbt_project.functions import register
from orchestration.folders import DBT_PROJECT


def sql(call: str) -> str:
    """What a call of a macro in intervals.sql renders to; the dispatched functions are DuckDB's by name."""
    macros = (DBT_PROJECT / "macros" / "intervals.sql").read_text(encoding="utf-8")
    dispatched = {name: lambda *arguments, name=name: f"{name}({', '.join(arguments)})" for name in QUANTILES}
    return jinja2.Environment().from_string(macros + "{{ " + call + " }}").render(dispatched)


QUANTILES = ("gamma_quantile", "t_quantile")


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        register(connection)
        yield connection


def ratio(connection: duckdb.DuckDBPyConnection, x: Sequence[int], y: Sequence[int], scale: float = 100) -> list[float]:
    """Value, low and high of Σy/Σx, and both after clipping to 0 … 100; a row per sampling unit in."""
    [row] = connection.execute(
        f"""
        with units as (select unnest(?::bigint[]) as x, unnest(?::bigint[]) as y),
        cell as (
            select count(*) as n, sum(x) as sum_x, sum(y) as sum_y,
                sum(x * x) as sum_xx, sum(x * y) as sum_xy, sum(y * y) as sum_yy
            from units
        ),
        rated as (select *, cast(sum_y as double) / sum_x as rate from cell),
        spread as (select *, case when n > 1 then {sql("rate_variance()")} end as rate_variance from rated),
        bounded as (
            select {scale} * rate as value, {scale} * ({sql("ratio_bound('-')")}) as low,
                {scale} * ({sql("ratio_bound('+')")}) as high, 0.0 as natural_min, 100.0 as natural_max
            from spread
        )
        select value, low, high, {sql("within_natural_bounds('low')")}, {sql("within_natural_bounds('high')")} from bounded
        """,
        [list(x), list(y)],
    ).fetchall()
    return list(row)


def test_the_ratio_interval_reproduces_its_vector(connection):
    value, low, high, clipped_low, clipped_high = ratio(
        connection, [100, 250, 80, 40, 500, 120], [20, 250, 0, 10, 100, 60]
    )
    assert (round(value, 3), round(low, 2), round(high, 2)) == (40.367, -7.43, 88.16)
    assert round((high - low) / 2 / stats.t.ppf(0.975, 5), 3) == 18.592
    assert (clipped_low, clipped_high) == (0.0, high)


def test_one_unit_has_no_interval(connection):
    assert ratio(connection, [100], [40]) == [40.0, None, None, None, None]


@pytest.mark.parametrize("y", [[0, 0, 0], [7, 70, 49]])
def test_units_that_agree_have_an_interval_without_width(connection, y):
    """The second case is proportional; floating subtraction leaves ±1e-17 of a variance, and no root of it may fail."""
    value, low, high, *_ = ratio(connection, [10, 100, 70], y)
    assert low == pytest.approx(value, abs=1e-5) and high == pytest.approx(value, abs=1e-5)


def test_a_side_without_an_end_is_not_clipped(connection):
    clipped = sql("within_natural_bounds('value')")
    rows = connection.execute(
        f"select {clipped} from (values (-5.0, null, 3.0), (9.0, 0.0, null), (null, 0.0, 1.0)) as t(value, natural_min, natural_max)"
    ).fetchall()
    assert rows == [(-5.0,), (9.0,), (None,)]


@pytest.mark.parametrize("freedom", [1, 2, 5, 30, 1_000, 10_000_000])
@pytest.mark.parametrize("probability", [0.025, 0.5, 0.975, 0.9995])
def test_quantiles_are_those_of_the_distribution(connection, probability, freedom):
    [(t, g)] = connection.execute(
        "select t_quantile(p, d), gamma_quantile(p, d) from (select ?::double as p, ?::double as d)",
        [probability, freedom],
    ).fetchall()
    assert t == pytest.approx(stats.t.ppf(probability, freedom), rel=1e-9, abs=1e-9)
    assert g == pytest.approx(stats.gamma.ppf(probability, freedom), rel=1e-9)


def test_quantiles_answer_null_with_null_and_repeat_to_the_last_bit(connection):
    question = """
        select list(t order by i), list(g order by i) from (
            select i, t_quantile(p, d) as t, gamma_quantile(p, d) as g from (
                select i, case when i % 7 = 0 then null else (i % 997 + 1) / 999.0 end as p, (i % 50)::double as d
                from range(20000) as r(i)))
    """
    [first], [second] = connection.execute(question).fetchall(), connection.execute(question).fetchall()
    assert first == second
    for i, (t, _) in enumerate(zip(*first, strict=True)):
        assert (t is None) == (i % 7 == 0 or i % 50 == 0), i
        assert t is None or math.isfinite(t)
