"""The rows in use with company day, own unit and profile: what all KPIs start from."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from .company import Company
from .identity import customer_ref
from .read import Landing
from .units import Tree, own_units


@dataclass
class Facts:
    """Events with `day`, `own_unit` (but for loyalty events), `customer_key` and `is_weak`.

    `orders` holds counting orders only, with `net_sales` in ten-thousandths; `profiles` maps a record to its profile.
    """

    orders: pl.DataFrame
    all_orders: pl.DataFrame
    responses: pl.DataFrame
    cases: pl.DataFrame
    contacts: pl.DataFrame
    loyalty_events: pl.DataFrame
    profiles: pl.DataFrame
    customers: pl.DataFrame
    actions: pl.DataFrame
    tree: Tree

    @property
    def event_days(self) -> list[date]:
        """The company days on which a business event lies, ascending; empty without any."""
        events = (self.all_orders, self.responses, self.cases, self.contacts, self.loyalty_events)
        return pl.concat([frame["day"] for frame in events]).unique().sort().to_list()


def facts(landing: Landing, memberships: pl.DataFrame, order_records: pl.DataFrame, company: Company) -> Facts:
    """Join who, where and when to the events."""
    tree = Tree(landing.used["org_units"])
    profiles = memberships.rename({"source_system": "record_system", "source_customer_id": "record_id"})

    def day_of(time: str) -> pl.Expr:
        return pl.col(time).dt.convert_time_zone(company.timezone).dt.date()

    def whose(frame: pl.DataFrame, time: str) -> pl.DataFrame:
        dated = frame.with_columns(day=day_of(time))
        return dated.join(profiles, on=["record_system", "record_id"], how="left", maintain_order="left")

    def placed(frame: pl.DataFrame, time: str) -> pl.DataFrame:
        known = whose(frame, time)
        return known.with_columns(own_unit=own_units(known, tree, landing.used["employees"], company))

    def named(dataset: str) -> pl.DataFrame:
        return pl.concat([landing.used[dataset], customer_ref(landing.used[dataset])], how="horizontal")

    orders = landing.used["orders"].join(order_records, on=["source_system", "order_id"], how="left")
    orders = placed(orders, "ordered_at")
    return Facts(
        orders=_counting(orders, landing.used["returns"]),
        all_orders=orders,
        responses=placed(named("survey_responses"), "responded_at"),
        cases=placed(named("cases"), "opened_at").with_columns(resolved_day=day_of("resolved_at")),
        contacts=placed(named("contacts"), "started_at"),
        loyalty_events=whose(named("loyalty_events"), "occurred_at"),
        profiles=profiles,
        customers=landing.used["customers"],
        actions=landing.used["business_actions"].with_columns(day=day_of("starts_at")),
        tree=tree,
    )


def _counting(orders: pl.DataFrame, returns: pl.DataFrame) -> pl.DataFrame:
    """Completed orders of which something is left after their completed returns: that is their net sales."""
    returned = (
        returns.filter(pl.col("completed_at").is_not_null() & pl.col("order_system").is_not_null())
        .group_by(pl.col("order_system").alias("source_system"), "order_id")
        .agg(returned=pl.col("amount").sum())
    )
    left = orders.join(returned, on=["source_system", "order_id"], how="left").with_columns(
        net_sales=pl.col("net_amount") - pl.col("returned").fill_null(0)
    )
    return left.filter((pl.col("status").fill_null("completed") == "completed") & (pl.col("net_sales") > 0))


def sampling_unit(dataset: str, *key: str) -> pl.Expr:
    """The profile, marked so that it can't meet a row's key; without one the row itself."""
    row = pl.concat_str([pl.lit(dataset), *map(pl.col, key)], separator="|")
    return pl.coalesce(pl.lit("profile|") + pl.col("customer_key"), row).alias("sampling_unit")


def order_days(facts: Facts) -> pl.DataFrame:
    """(customer_key, is_weak, day): the distinct order days of every profile."""
    return facts.orders.drop_nulls("customer_key").select("customer_key", "is_weak", "day").unique()
