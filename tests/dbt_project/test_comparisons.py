"""Units beside their siblings: published shrinkage vectors, and the demo company's comparisons calculated once more."""

from collections import defaultdict

import duckdb
import numpy as np
import pytest
from scipy import stats

from dbt_project.functions import register
from dbt_project.functions.shrinkage import beta_binomial
from tests.conftest import CompanyRun

APART = [180, 95, 150, 40, 9], [200, 150, 200, 80, 10]
ALIKE = [8, 45, 190, 30, 12], [10, 60, 300, 50, 15]


@pytest.fixture(scope="module")
def connection():
    with duckdb.connect() as connection:
        register(connection)
        yield connection


def shrunk(connection: duckdb.DuckDBPyConnection, groups: list[tuple]) -> list[list[float]]:
    """`shrunk_values` of (values, sizes, variances, are proportions) per group, all in one batch."""
    connection.execute("create or replace temp table g (v double[], s double[], d double[], p boolean)")
    connection.executemany("insert into g values (?, ?, ?, ?)", groups)
    return [row[0] for row in connection.execute("select shrunk_values(v, s, d, p) from g").fetchall()]


def proportions(successes: list[int], trials: list[int]) -> tuple:
    values = [k / n for k, n in zip(successes, trials, strict=True)]
    return values, trials, [0.1] * len(trials), True


def test_shrunk_proportions_are_those_of_the_vectors(connection) -> None:
    apart, alike = shrunk(connection, [proportions(*APART), proportions(*ALIKE)])
    assert np.round(apart, 4).tolist() == [0.8923, 0.6386, 0.7489, 0.5233, 0.8158]
    assert np.round(alike, 3).tolist() == [0.655] * 5
    alpha, beta = beta_binomial(*(np.array(numbers, float) for numbers in APART), np.zeros(5, int), 1)
    assert (round(alpha[0], 3), round(beta[0], 3)) == (6.702, 2.545)


def test_of_two_summits_the_higher_counts(connection) -> None:
    """24 of 150, 0 of 12, 0 of 6: that units are alike (log-likelihood −68.90) is likelier than α = 1.19, β = 12.7 (−69.06)."""
    assert np.round(shrunk(connection, [proportions([24, 0, 0], [150, 12, 6])])[0], 4).tolist() == [0.1429] * 3


def test_a_group_does_not_depend_on_its_batch(connection) -> None:
    groups = [proportions(*APART), ([1.0, 2.0, 9.0], [1, 1, 1], [0.5, 0.5, 0.5], False), proportions(*ALIKE)]
    assert shrunk(connection, groups) == [shrunk(connection, [group])[0] for group in groups]


def test_units_at_one_end_stay_there(connection) -> None:
    assert shrunk(connection, [proportions([0, 0], [9, 5]), proportions([7, 7], [7, 7])]) == [[0, 0], [1, 1]]


def test_dersimonian_and_laird_by_hand(connection) -> None:
    """Values 0, 4 with variance 1: Q = 8, tau² = (8 − 1) / (2 − 1) = 7, so each keeps 7/8 of its distance from 2."""
    assert shrunk(connection, [([0.0, 4.0], [1, 1], [1.0, 1.0], False)]) == [[0.25, 3.75]]


def test_the_demo_company_s_comparisons(demo_run: CompanyRun) -> None:
    """Centre, limits, p and q as textbooks have them, from the cells; nothing hidden enters."""
    with duckdb.connect(str(demo_run.data / "warehouse" / "loyalty.duckdb"), read_only=True) as warehouse:
        rows = warehouse.execute(
            f"""
            select c.*, v.value as raw, v.status, k.interval, k.scale, k."offset" as shift,
                cast(s.n as double) as units, cast(s.sum_x as double) as x, cast(s.sum_y as double) as y,
                s.sum_xx as xx, s.sum_xy as xy, s.sum_yy as yy
            from '{demo_run.published}/kpi_comparisons.parquet' as c
            join kpi_values as v using (kpi_id, org_unit_id, period_kind, period_start)
            join kpi_cells as s using (kpi_id, org_unit_id, period_kind, period_start, slice_dimension)
            join kpis as k using (kpi_id)
            where slice_dimension = 'all'
            """
        ).pl()
    groups = defaultdict(list)
    for row in rows.iter_rows(named=True):
        assert row["status"] == "shown" and row["value"] == row["raw"]
        groups[row["kpi_id"], row["period_kind"], row["period_start"], row["parent_org_unit_id"]].append(row)
    assert len(groups) > 50
    for siblings in groups.values():
        assert len(siblings) > 1
        centre = sum(row["y"] for row in siblings) / sum(row["x"] for row in siblings)
        own = [max(0.0, spread(row)) for row in siblings]
        most = max(row["units"] * variance for row, variance in zip(siblings, own, strict=True))
        p_values = []
        for row, variance in zip(siblings, own, strict=True):
            usual = {
                "wilson": centre * (1 - centre) / effective(row),
                "poisson": centre * max(1, variance * row["x"] ** 2 / row["y"] if row["y"] else 1) / row["x"],
            }.get(row["interval"], variance or most / row["units"])
            reach = stats.norm.isf([0.025, 0.0005]) * np.sqrt(usual)
            low, high = (row["scale"] * (centre + sign * reach + row["shift"]) for sign in (-1, 1))
            assert row["lower_95"] == pytest.approx(low[0]) or row["lower_95"] > low[0]
            assert row["upper_999"] == pytest.approx(high[1]) or row["upper_999"] < high[1]
            p_values.append(2 * stats.norm.sf(abs(row["y"] / row["x"] - centre) / np.sqrt(usual)))
        assert [row["p_value"] for row in siblings] == pytest.approx(p_values, abs=1e-8)
        q_values = stats.false_discovery_control(p_values)
        assert [row["q_value"] for row in siblings] == pytest.approx(q_values, abs=1e-8)
        for row, q in zip(siblings, q_values, strict=True):
            assert (row["verdict"] != "not_distinguishable") == (q <= 0.1)
            others = [sibling["value"] for sibling in siblings]
            assert min(others) - 1e-3 <= row["shrunk_value"] <= max(others) + 1e-3


def spread(row: dict) -> float:
    """The linearised variance of Σy/Σx."""
    rate = row["y"] / row["x"]
    return row["units"] / (row["units"] - 1) * (row["yy"] - 2 * rate * row["xy"] + rate**2 * row["xx"]) / row["x"] ** 2


def effective(row: dict) -> float:
    rate = row["y"] / row["x"]
    if row["xx"] == row["x"]:
        return row["x"]
    if rate in (0, 1):
        return row["units"]
    return row["x"] / max(1, spread(row) / (rate * (1 - rate) / row["x"]))
