"""Customers who buy as BG/NBD says; our fit and scoring of them, and the same by `lifetimes`."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestration.warehouse import connection_settings

from .timed import timed

R, ALPHA, A, B, WEEKS = 0.8, 8.0, 0.8, 4.0, 104
YEAR = 365.25 / 7


def write(file: str, customers: str) -> dict[str, Any]:
    """Write (customer_no, x, t_x, age, priced_days, mean_margin) of so many customers, in whole weeks, as Parquet."""
    facts: dict[str, Any] = {}
    with timed(facts):
        n, draw = int(customers), np.random.default_rng(1)
        rate, leaves = draw.gamma(R, 1 / ALPHA, n), draw.beta(A, B, n)
        age = draw.uniform(0, WEEKS, n)
        x, last = np.zeros(n, dtype=np.int64), np.zeros(n)
        buying, at = np.arange(n), np.zeros(n)
        while len(buying):
            at = at + draw.exponential(1 / rate[buying])
            here = at <= age[buying]
            buying, at = buying[here], at[here]
            x[buying] += 1
            last[buying] = at
            stays = draw.random(len(buying)) >= leaves[buying]
            buying, at = buying[stays], at[stays]
        columns = {
            "customer_no": np.arange(1, n + 1, dtype=np.int32),
            "x": x,
            "t_x": np.floor(last + 0.5).astype(np.int64),
            "age": np.floor(age + 0.5).astype(np.int64),
            "priced_days": x,
            "mean_margin": draw.gamma(4.0, 1 / draw.gamma(5.0, 1 / 100.0, n)),
        }
        pq.write_table(pa.table(columns), file)
    return facts | {"repeats": int(x.sum())}


def fit_and_score(file: str) -> dict[str, Any]:
    """Group, fit, compute per group, join back: P(alive), twelve discounted months, limits and value of everybody."""
    from orchestration.lifetime_value import history, margins, purchases, scoring

    facts: dict[str, Any] = {}
    with duckdb.connect() as connection:
        for name, value in connection_settings().items():
            connection.execute(f"set {name} = '{value}'")
        connection.execute("create schema lifetime_value")
        connection.execute(f"create temp table lifetime_histories as from read_parquet('{file}')")
        with timed(facts):
            groups = history.groups(connection)
            model = purchases.fit(groups)
            scoring.write_customers(connection, model, margins.GammaGamma(4.0, 5.0, 100.0), 0.1)
        facts["groups"] = len(groups.x)
        facts["expected"] = connection.execute(
            "select cast(sum(cast(expected_orders_12m as decimal(18, 9))) as double) from lifetime_value.customers"
        ).fetchall()[0][0]
        fit_only: dict[str, Any] = {}
        with timed(fit_only):
            purchases.fit(groups)
    return facts | {"parameters": list(model), "fit_cpu": fit_only["cpu"], "fit_wall": fit_only["wall"]}


def lifetimes(file: str, folder: str) -> dict[str, Any]:
    """What somebody writes who has `lifetimes` (in `folder`) and a data frame: fit, P(alive) and E[Y] of everybody."""
    sys.path.insert(0, str(Path(folder)))
    fitter = import_module("lifetimes").BetaGeoFitter
    rows = pq.read_table(file, columns=["x", "t_x", "age"])
    x, t_x, age = (rows[name].to_numpy().astype(float) for name in rows.column_names)
    facts: dict[str, Any] = {}
    with timed(facts):
        model = fitter()
        model.fit(x, t_x, age)
        model.conditional_probability_alive(x, t_x, age)
        expected = model.conditional_expected_number_of_purchases_up_to_time(YEAR, x, t_x, age)
    return facts | {"expected": float(np.sum(expected)), "parameters": [float(value) for value in model.params_]}
