"""Whether the company recognises who orders, across its channels."""

import polars as pl

from .facts import Facts, sampling_unit
from .identity import STRONG

_REF = ["record_system", "record_id"]


def identity_match(facts: Facts) -> pl.DataFrame:
    """Orders that were not cancelled; y: their record bears a strong identifier, or a verified telephone or e-mail."""
    values = facts.identifiers
    sure = values.filter(pl.col("kind").is_in(STRONG)).select(_REF)
    profile = facts.profiles.select(*_REF, "customer_key")
    verified = facts.verified.join(profile, on=_REF).select("customer_key", "kind", "value").unique()
    borne = values.join(profile, on=_REF).join(verified, on=["customer_key", "kind", "value"], how="semi").select(_REF)
    known = pl.concat([sure, borne]).unique().with_columns(y=pl.lit(1, pl.Int64))
    orders = facts.all_orders.filter(pl.col("status").fill_null("completed") != "cancelled")
    return orders.join(known, on=_REF, how="left").with_columns(
        sampling_unit("orders", "source_system", "order_id"),
        pl.col("y").fill_null(0),
        path_day="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
    )
