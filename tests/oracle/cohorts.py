"""KPIs of who comes for the first time: where from, and whether they are still there later."""

from datetime import date

import polars as pl

from .company import Company
from .facts import Facts, order_days, sampling_unit
from .purchases import WINDOW, new_customers

EARNED = ("referral", "recommendation")


def _dated(rows: pl.DataFrame, y: pl.Expr, days: int, today: date) -> pl.DataFrame:
    """First orders as rows with x = 1, dated `days` later; those of today and later leave."""
    return rows.with_columns(
        sampling_unit("profiles", "customer_key"),
        path_day="day",
        day=pl.col("day").dt.offset_by(f"{days}d"),
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=y.cast(pl.Int64),
    ).filter(pl.col("day") < today)


def cohort_retention(facts: Facts, company: Company, today: date, days: int) -> pl.DataFrame:
    """New customers; y: an order day in the 90 days that end `days` after the first."""
    first = new_customers(facts, company)
    ago = (pl.col("back") - pl.col("day")).dt.total_days()
    stayed = (
        first.select("customer_key", "day")
        .join(order_days(facts).select("customer_key", back="day"), on="customer_key")
        .filter((ago > days - WINDOW) & (ago <= days))["customer_key"]
        .unique()
    )
    return _dated(first, pl.col("customer_key").is_in(stayed.to_list()), days, today)


def earned_new(facts: Facts, company: Company) -> pl.DataFrame:
    """New customers on the day they first buy; y: somebody sent them."""
    sources = (
        facts.customers.drop_nulls("acquisition_source")
        .rename({"source_system": "record_system", "source_customer_id": "record_id"})
        .join(facts.profiles, on=["record_system", "record_id"])
        .sort("registered_at", "record_system", "record_id", nulls_last=True)
        .unique("customer_key", keep="first", maintain_order=True)
        .select("customer_key", "acquisition_source")
    )
    new = new_customers(facts, company).join(sources, on="customer_key", how="left")
    return new.with_columns(
        sampling_unit("profiles", "customer_key"),
        pl.col("acquisition_source").fill_null("unknown"),
        path_day="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=pl.col("acquisition_source").is_in(list(EARNED)).fill_null(False).cast(pl.Int64),
    )
