"""What customers are going to be worth: BG/NBD and Gamma-Gamma, with the parameters that a run found (Fader, Hardie, Lee 2005).

Fitting is judged against published figures and a likelihood of the oracle's own; what follows from the parameters is
calculated here, from the landing files.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from scipy.special import betaln, gammaln, hyp2f1

from .facts import Facts, order_days, sampling_unit
from .units import home_channels, home_units

MONTHS = 12
WEEKS_A_MONTH = 365.25 / 84
DECIMALS = 10_000


class Model(NamedTuple):
    """The parameters in force at a month's end, and what a purchase day is priced in: margin or net_sales."""

    r: float
    alpha: float
    a: float
    b: float
    p: float
    q: float
    gamma: float
    basis: str


def histories(facts: Facts, end: date, basis: str) -> pl.DataFrame:
    """Per profile with an order day before `end`: x, t_x and T in whole weeks, the repeat days that are priced and their mean."""
    days = facts.earnings.filter(pl.col("day") < end).with_columns(first=pl.col("day").min().over("customer_key"))
    repeats = pl.col(basis).filter(pl.col("day") > pl.col("first"))
    found = days.group_by("customer_key").agg(
        x=(pl.len() - 1).cast(pl.Int64),
        first=pl.col("first").first(),
        last=pl.col("day").max(),
        priced=repeats.count().cast(pl.Int64),
        total=repeats.sum(),
    )

    def weeks(span: pl.Expr) -> pl.Expr:
        return (2 * span.dt.total_days() + 7) // 14

    return found.with_columns(
        t_x=weeks(pl.col("last") - pl.col("first")), age=weeks(pl.lit(end - timedelta(days=1)) - pl.col("first"))
    ).sort("customer_key")


def alive(model: Model, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
    """P(alive) of customers with x repeats, the last at t_x, known for `age` weeks; 1 for who never repeated."""
    repeated = np.maximum(x, 1)
    odds = model.a / (model.b + repeated - 1) * ((model.alpha + age) / (model.alpha + t_x)) ** (model.r + repeated)
    return np.where(x > 0, 1 / (1 + odds), 1.0)


def expected(model: Model, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, weeks: float) -> np.ndarray:
    """Purchase days expected in the coming weeks (FHL equation 10)."""
    r, alpha, a, b = model[:4]
    z = weeks / (alpha + age + weeks)
    gone = ((alpha + age) / (alpha + age + weeks)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    return (a + b + x - 1) / (a - 1) * (1 - gone) * alive(model, x, t_x, age)


def log_likelihood(parameters: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> float:
    """BG/NBD's, of customers one by one (FHL equation 6)."""
    r, alpha, a, b = parameters
    repeated = np.maximum(x, 1)
    fixed = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    lived = -(r + x) * np.log(alpha + age)
    left = np.log(a / (b + repeated - 1)) - (r + x) * np.log(alpha + t_x)
    return float((fixed + np.where(x > 0, np.logaddexp(lived, left), lived)).sum())


def _placed(rows: list[pl.DataFrame], facts: Facts) -> pl.DataFrame:
    schema = {"customer_key": pl.String, "on": pl.Date, "x": pl.Int64, "y": pl.Int64}
    found = pl.concat([pl.DataFrame(schema=schema), *(frame.select(list(schema)) for frame in rows)])
    weak = order_days(facts).select("customer_key", "is_weak").unique("customer_key")
    return found.join(weak, on="customer_key", how="left", maintain_order="left").with_columns(
        sampling_unit("profiles", "customer_key"),
        leaf=home_units(found, facts.orders, facts.tree.root),
        channel=home_channels(found, facts.orders),
        day=pl.col("on").dt.offset_by("-1d"),
        path_day=pl.col("on").dt.offset_by("-1d"),
    )


def worth(facts: Facts, model: Model, end: date, discount: float) -> pl.DataFrame:
    """(customer_key, y): the coming twelve months' earnings, discounted month by month, in ten-thousandths."""
    known = histories(facts, end, model.basis)
    x, t_x, age = (known[name].to_numpy().astype(float) for name in ("x", "t_x", "age"))
    priced, total = known["priced"].to_numpy(), np.maximum(known["total"].to_numpy(), 0) / DECIMALS
    margin = model.p * (model.gamma + total) / (model.p * priced + model.q - 1)
    days, before = np.zeros(len(x)), np.zeros(len(x))
    for month in range(1, MONTHS + 1):
        until = expected(model, x, t_x, age, month * WEEKS_A_MONTH)
        days += (until - before) / (1 + discount) ** (month / MONTHS)
        before = until
    # below nine decimals of a day lies what differs between machines
    rounded = np.floor(np.round(days, 9) * margin * DECIMALS + 0.5).astype(np.int64)
    return known.select("customer_key").with_columns(y=pl.Series(rounded))


def cltv_12m(facts: Facts, models: dict[date, Model], discount: float) -> pl.DataFrame:
    """Everybody who ever bought, at every valued month's end."""
    rows = [
        worth(facts, model, end, discount).with_columns(on=pl.lit(end), x=pl.lit(1, pl.Int64))
        for end, model in models.items()
    ]
    return _placed(rows, facts)


def value_at_risk(facts: Facts, models: dict[date, Model]) -> pl.DataFrame:
    """Who came back at least once and earned something in a year (x); y: of those who are rather gone than not."""
    rows = []
    for end, model in models.items():
        known = histories(facts, end, model.basis)
        x, t_x, age = (known[name].to_numpy().astype(float) for name in ("x", "t_x", "age"))
        gone = pl.Series(np.round(alive(model, x, t_x, age), 9) < 0.5)
        year = (pl.col("day") >= end - timedelta(days=365)) & (pl.col("day") < end)
        earned = facts.earnings.filter(year).group_by("customer_key").agg(earned=pl.col(model.basis).sum())
        rows.append(
            known.with_columns(gone=gone)
            .filter(pl.col("x") > 0)
            .join(earned, on="customer_key")
            .filter(pl.col("earned") > 0)
            .select("customer_key", on=pl.lit(end), x="earned", y=pl.when("gone").then("earned").otherwise(0))
        )
    return _placed(rows, facts)


def models_of_the_run(data: Path) -> dict[date, Model]:
    """Per valued month's end the model that a run published; none where there was no run, or nothing to fit."""
    published = data / "published" / "current" / "lifetime_value_months.parquet"
    if not published.exists():
        return {}
    rows = pl.read_parquet(published).iter_rows(named=True)
    return {row["ends_on"]: Model(*(row[name] for name in Model._fields)) for row in rows}
