"""What a row belongs to beside its org unit: channel, and what its customer is at that time."""

import polars as pl

from .facts import Facts, order_days

_ROW = ("sampling_unit", "is_weak", "day", "path_day", "leaf", "x", "y")
_EXTRA = ("order", "micros", "month", "tenure_class", "days_class", "recency_class", "main_channel")
_EVENT = ("channel", "touchpoint", "journey_stage", "item", "purpose", "acquisition_source")


def with_slices(rows: pl.DataFrame, dimensions: tuple[str, ...], facts: Facts) -> pl.DataFrame:
    """Rows with one column per dimension, filled; where no profile is known, what is asked of the customer is `unknown`."""
    rows = rows.with_columns(pl.col(name).fill_null("unknown") for name in _EVENT if name in dimensions)
    who = rows.select("customer_key", "path_day").drop_nulls().unique()
    tables = {
        "tenure": tenure,
        "value_tier": value_tier,
        "loyalty_tier": loyalty_tier,
        "region": region,
        "complainer": complainer,
    }
    for name in dimensions:
        if name in tables:
            value = tables[name](who, facts).select("customer_key", "path_day", name)
            rows = rows.join(value, on=["customer_key", "path_day"], how="left", maintain_order="left")
            rows = rows.with_columns(pl.col(name).fill_null("unknown"))
    if "campaign" in dimensions:
        where = pl.when(inside(facts)).then(pl.lit("inside")).otherwise(pl.lit("outside"))
        rows = rows.with_columns(campaign=where)
    extra = [name for name in _EXTRA if name in rows.columns]
    return rows.select(*_ROW, *dimensions, *extra)


def inside(facts: Facts) -> pl.Expr:
    """Whether a row's path day lies in a campaign of its channel and its customer's region."""
    found = pl.lit(False)
    for action in facts.lasting("campaign"):
        within = pl.col("path_day") >= action["starts"]
        if action["ends"]:
            within &= pl.col("path_day") < action["ends"]
        for place in ("channel", "region"):
            if action[place] is not None:
                within &= pl.col(place) == action[place]
        found |= within
    return found


def tenure(who: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """By the days from the first order day to the month of the day asked."""
    first = order_days(facts).group_by("customer_key").agg(first=pl.col("day").min())
    ago = (pl.col("path_day").dt.month_start() - pl.col("first")).dt.total_days()
    known = pl.when(ago <= 90).then(pl.lit("1_90_days")).when(ago <= 365).then(pl.lit("91_365_days"))
    known = known.otherwise(pl.lit("over_1_year"))
    return who.join(first, on="customer_key", how="left").with_columns(
        tenure=pl.when((ago > 0).fill_null(False)).then(known).otherwise(pl.lit("new"))
    )


def value_tier(who: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """By net sales in the four calendar quarters before the day's: the best fifth of buyers, the better half, the rest."""
    who = who.with_columns(quarter=pl.col("path_day").dt.truncate("1q"))
    sales = facts.orders.drop_nulls("customer_key")
    tiers = [pl.DataFrame(schema={"customer_key": pl.String, "quarter": pl.Date, "value_tier": pl.String})]
    for quarter in who["quarter"].unique():
        year = (pl.col("day") >= quarter.replace(year=quarter.year - 1)) & (pl.col("day") < quarter)
        bought = sales.filter(year).group_by("customer_key").agg(pl.col("net_sales").sum())
        if bought.is_empty():
            continue
        greatest = bought["net_sales"].sort(descending=True)
        high, middle = (greatest[-(-len(greatest) // part) - 1] for part in (5, 2))
        worth = pl.when(pl.col("net_sales") >= high).then(pl.lit("high"))
        worth = worth.when(pl.col("net_sales") >= middle).then(pl.lit("middle")).otherwise(pl.lit("low"))
        tiers.append(bought.select("customer_key", quarter=pl.lit(quarter), value_tier=worth))
    return who.join(pl.concat(tiers), on=["customer_key", "quarter"], how="left").with_columns(
        pl.col("value_tier").fill_null("none")
    )


def loyalty_tier(who: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """By the profile's last step in the programme before the month of the day asked."""
    who = who.with_columns(month=pl.col("path_day").dt.month_start())
    steps = (
        facts.loyalty_events.drop_nulls("customer_key")
        .filter(pl.col("event_type").is_in(["enrol", "leave", "tier_change"]))
        .sort("occurred_at", "source_system", "event_id")
    )
    tier = (
        pl.when(pl.col("event_type") == "leave").then(pl.lit("none")).otherwise(pl.col("tier_to").fill_null("member"))
    )
    tiers = [pl.DataFrame(schema={"customer_key": pl.String, "month": pl.Date, "loyalty_tier": pl.String})]
    for month in who["month"].unique():
        last = steps.filter(pl.col("day") < month).unique("customer_key", keep="last", maintain_order=True)
        tiers.append(last.select("customer_key", month=pl.lit(month), loyalty_tier=tier))
    return who.join(pl.concat(tiers), on=["customer_key", "month"], how="left").with_columns(
        pl.col("loyalty_tier").fill_null("none")
    )


def region(who: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Of the record brought up to date last, among those that have a region."""
    records = facts.customers.drop_nulls("region").rename(
        {"source_system": "record_system", "source_customer_id": "record_id"}
    )
    latest = (
        records.join(facts.profiles, on=["record_system", "record_id"])
        .sort(
            "updated_at", "record_system", "record_id", descending=[True, False, False], nulls_last=[True, False, False]
        )
        .unique("customer_key", keep="first", maintain_order=True)
    )
    return who.join(latest.select("customer_key", "region"), on="customer_key", how="left").with_columns(
        pl.col("region").fill_null("unknown")
    )


def complainer(who: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """Whether a complaint of the profile was resolved in the 365 days before the day asked."""
    resolved = (
        facts.cases.filter((pl.col("kind") == "complaint") & pl.col("resolved_at").is_not_null())
        .drop_nulls("customer_key")
        .select("customer_key", resolved="resolved_day")
    )
    ago = (pl.col("path_day") - pl.col("resolved")).dt.total_days()
    lately = who.join(resolved, on="customer_key").filter((ago >= 1) & (ago <= 365)).select(who.columns).unique()
    return who.join(lately.with_columns(complainer=pl.lit("yes")), on=who.columns, how="left").with_columns(
        pl.col("complainer").fill_null("no")
    )
