"""Promises with a moment at which they fall due: deliveries, refunds, cases and calls."""

from datetime import datetime

import polars as pl

from .company import Company
from .facts import Facts, sampling_unit

_COLUMNS = ["sampling_unit", "customer_key", "is_weak", "leaf", "channel", "due", "done"]


def _made(frame: pl.DataFrame, item: str, dataset: str, key: str, due: str | pl.Expr, done: str) -> pl.DataFrame:
    whole = frame.with_columns(sampling_unit(dataset, "source_system", key), leaf="own_unit")
    due = pl.col(due) if isinstance(due, str) else due
    return whole.with_columns(due=due, done=done).drop_nulls("due").select(*_COLUMNS, item=pl.lit(item))


def _kept(promises: list[pl.DataFrame], company: Company, as_of: datetime) -> pl.DataFrame:
    """Those due by now, on the day they fell due; y: done at or before that moment."""
    due_day = pl.col("due").dt.convert_time_zone(company.timezone).dt.date()
    return (
        pl.concat(promises)
        .filter(pl.col("due") <= as_of)
        .with_columns(
            day=due_day,
            path_day=due_day,
            x=pl.lit(1, pl.Int64),
            y=(pl.col("done") <= pl.col("due")).fill_null(False).cast(pl.Int64),
        )
    )


def _callbacks(facts: Facts) -> pl.DataFrame:
    return _made(facts.contacts, "callback", "contacts", "contact_id", "callback_promised_at", "callback_at")


def _returns(facts: Facts) -> pl.DataFrame:
    """Returns where and of whom their orders are; of no known order: the company's, of nobody."""
    orders = facts.all_orders.select(
        "order_id", "customer_key", "is_weak", "channel", "own_unit", order_system="source_system"
    )
    returns = facts.returns.join(orders, on=["order_system", "order_id"], how="left")
    return returns.with_columns(pl.col("own_unit").fill_null(facts.tree.root))


def promise_kept(facts: Facts, company: Company, as_of: datetime) -> pl.DataFrame:
    """All promises; an order cancelled before it fell due has none."""
    late = (pl.col("updated_at") > pl.col("promised_at")).fill_null(False)
    orders = facts.all_orders.filter((pl.col("status").fill_null("completed") != "cancelled") | late)
    days = pl.col("requested_at") + pl.duration(days=pl.col("promised_days"))
    promises = [
        _made(orders, "delivery", "orders", "order_id", "promised_at", "fulfilled_at"),
        _made(_returns(facts), "return", "returns", "return_id", days, "completed_at"),
        _made(facts.cases, "case", "cases", "case_id", "eta_at", "resolved_at"),
        _callbacks(facts),
    ]
    return _kept(promises, company, as_of)


def callback_kept(facts: Facts, company: Company, as_of: datetime) -> pl.DataFrame:
    """The calls among them."""
    return _kept([_callbacks(facts)], company, as_of)
