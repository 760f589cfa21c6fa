"""The rows in use with company day, own unit and profile: what all KPIs start from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np
import polars as pl

from .company import Company
from .identity import Identified, customer_ref
from .read import Landing
from .units import Tree, own_units

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass
class Facts:
    """Events with `day`, `own_unit` (but for loyalty events), `customer_key` and `is_weak`.

    `orders` holds counting orders only, with `net_sales` and `margin` (null: of unknown cost) in ten-thousandths;
    `profiles` maps a record to its profile. `actions`: business actions with the day on which they begin (`starts`), the
    first on which they are over (`ends`; null: open) and their `owner`.
    """

    orders: pl.DataFrame
    all_orders: pl.DataFrame
    responses: pl.DataFrame
    cases: pl.DataFrame
    contacts: pl.DataFrame
    loyalty_events: pl.DataFrame
    profiles: pl.DataFrame
    customers: pl.DataFrame
    returns: pl.DataFrame
    order_lines: pl.DataFrame
    invitations: pl.DataFrame
    employee_survey: pl.DataFrame
    reviews: pl.DataFrame
    identifiers: pl.DataFrame
    verified: pl.DataFrame
    actions: pl.DataFrame
    exposures: pl.DataFrame
    assignments: pl.DataFrame
    pilots: pl.DataFrame
    tree: Tree

    @cached_property
    def earnings(self) -> pl.DataFrame:
        """(customer_key, day, net_sales, margin) per order day of a profile; a margin is known where all its orders' is."""
        known = pl.col("margin").is_not_null().all()
        return (
            self.orders.drop_nulls("customer_key")
            .group_by("customer_key", "day")
            .agg(pl.col("net_sales").sum(), margin=pl.when(known).then(pl.col("margin").sum()))
        )

    @property
    def event_days(self) -> list[date]:
        """The company days on which a business event lies, ascending; empty without any."""
        events = (self.all_orders, self.responses, self.cases, self.contacts, self.loyalty_events)
        return pl.concat([frame["day"] for frame in events]).unique().sort().to_list()

    def lasting(self, action_type: str) -> list[dict]:
        """The business actions of a type that don't end before they begin."""
        lasts = (pl.col("starts_at") < pl.col("ends_at")).fill_null(True)
        return self.actions.filter((pl.col("action_type") == action_type) & lasts).to_dicts()


def facts(
    landing: Landing, memberships: pl.DataFrame, identified: Identified, company: Company, as_of: datetime
) -> Facts:
    """Join who, where and when to the events; what a case says of the time after `as_of` has not happened."""
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

    def joined(dataset: str) -> pl.DataFrame:
        named = landing.used[dataset].rename({"source_system": "record_system", "source_customer_id": "record_id"})
        return named.join(profiles, on=["record_system", "record_id"], how="left")

    orders = landing.used["orders"].join(identified.order_records, on=["source_system", "order_id"], how="left")
    orders = placed(orders, "ordered_at")
    return Facts(
        orders=_counting(orders, landing.used["returns"]),
        all_orders=orders,
        responses=placed(named("survey_responses"), "responded_at"),
        cases=placed(named("cases"), "opened_at")
        .with_columns(
            pl.when(pl.col(moment) <= as_of).then(pl.col(moment)).alias(moment)
            for moment in ("first_response_at", "resolved_at", "reopened_at", "follow_up_at")
        )
        .with_columns(
            resolved_day=day_of("resolved_at"),
            reopened_day=day_of("reopened_at"),
            follow_up_day=day_of("follow_up_at"),
        ),
        contacts=placed(named("contacts"), "started_at"),
        loyalty_events=_costed(whose(named("loyalty_events"), "occurred_at"), landing.used["benefits"]),
        profiles=profiles,
        customers=landing.used["customers"],
        returns=landing.used["returns"],
        order_lines=landing.used["order_lines"],
        invitations=placed(named("survey_invitations").with_columns(channel=pl.lit(None, pl.String)), "sent_at"),
        employee_survey=landing.used["employee_survey"].with_columns(day=day_of("responded_at")),
        reviews=landing.used["reviews"].with_columns(day=day_of("due_at")),
        identifiers=identified.values,
        verified=identified.verified,
        actions=_actions(landing.used["business_actions"], day_of, tree),
        exposures=joined("campaign_exposures"),
        assignments=joined("pilot_assignments"),
        pilots=_spans(landing.used["pilots"], day_of).filter(
            pl.col("starts_at") < pl.col("ends_at").fill_null(FOREVER)
        ),
        tree=tree,
    )


def _costed(events: pl.DataFrame, benefits: pl.DataFrame) -> pl.DataFrame:
    """A redemption or use whose cost was not delivered costs what its benefit costs a time."""
    usual = events.join(benefits.select("benefit_id", "unit_cost"), on="benefit_id", how="left", maintain_order="left")
    cost = pl.when(pl.col("event_type").is_in(["redeem", "benefit_use"])).then(pl.coalesce("cost_amount", "unit_cost"))
    return usual.with_columns(cost_amount=cost).drop("unit_cost")


def _spans(frame: pl.DataFrame, day_of: Callable[[str], pl.Expr]) -> pl.DataFrame:
    """Those that begin, with the day on which they do (`starts`) and the first on which they are over (`ends`)."""
    # A last day is one that has a moment before the end.
    moments = frame.drop_nulls("starts_at").with_columns(last_moment=pl.col("ends_at") - pl.duration(microseconds=1))
    return moments.with_columns(starts=day_of("starts_at"), ends=day_of("last_moment").dt.offset_by("1d"))


def _actions(actions: pl.DataFrame, day_of: Callable[[str], pl.Expr], tree: Tree) -> pl.DataFrame:
    """Those that begin; of nobody, or of who is unknown, they are the company's."""
    owner = (
        pl.when(pl.col("owner_org_unit_id").is_in(tree.known)).then("owner_org_unit_id").otherwise(pl.lit(tree.root))
    )
    return _spans(actions, day_of).with_columns(owner=owner)


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
    return left.filter(
        (pl.col("status").fill_null("completed") == "completed") & (pl.col("net_sales") > 0)
    ).with_columns(margin=pl.struct("net_sales", "delivered_amount", "cost_amount").map_batches(_margins, pl.Int64))


def _margins(orders: pl.Series) -> pl.Series:
    """Net sales · (1 − cost/amount) as the words have it, in binary fractions: half falls where these put it.

    The cost is in the order's own currency, as its amount was delivered; what was returned takes its part along.
    """
    money = orders.struct.unnest()
    sales, delivered, cost = (
        money[name].to_numpy() / 10_000 for name in ("net_sales", "delivered_amount", "cost_amount")
    )
    exact = sales * (1 - cost / delivered) * 10_000
    whole = np.floor(np.abs(exact))
    margin = np.sign(exact) * (whole + (np.abs(exact) - whole >= 0.5))
    return pl.Series(margin, nan_to_null=True).cast(pl.Int64)


def sampling_unit(dataset: str, *key: str) -> pl.Expr:
    """The profile, marked so that it can't meet a row's key; without one the row itself."""
    row = pl.concat_str([pl.lit(dataset), *map(pl.col, key)], separator="|")
    return pl.coalesce(pl.lit("profile|") + pl.col("customer_key"), row).alias("sampling_unit")


def order_days(facts: Facts) -> pl.DataFrame:
    """(customer_key, is_weak, day): the distinct order days of every profile."""
    return facts.orders.drop_nulls("customer_key").select("customer_key", "is_weak", "day").unique()
