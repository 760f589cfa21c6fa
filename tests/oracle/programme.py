"""KPIs of the loyalty programme: points redeemed, the oldest first, what members do unrewarded, and what benefits cost."""

from collections import deque
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from .company import Company
from .facts import Facts, sampling_unit
from .purchases import TAKING_PART, active_members
from .units import home_channels, home_units

YEAR = 365
ENGAGING = [event for event in TAKING_PART if event not in ("redeem", "benefit_use")]


def _purses(facts: Facts) -> tuple[pl.DataFrame, list[tuple[int, date, date, int]]]:
    """The events that move points, numbered, and what each redemption took: lot, its day, the redemption's day, points.

    First in, first out; a redemption takes points that are at most 365 days old.
    """
    events = facts.loyalty_events.drop_nulls("customer_key").filter(
        pl.col("event_type").is_in(["earn", "redeem"]) & (pl.col("points") > 0)
    )
    # of one moment, what is earned comes before what is redeemed
    events = events.sort("occurred_at", "event_type", "source_system", "event_id").with_row_index("event")
    taken: list[tuple[int, date, date, int]] = []
    purses: dict[str, deque[tuple[int, date, int]]] = {}
    for event, key, kind, day, points in events.select(
        "event", "customer_key", "event_type", "day", "points"
    ).iter_rows():
        purse = purses.setdefault(key, deque())
        if kind == "earn":
            purse.append((event, day, points))
            continue
        while purse and purse[0][1] < day - timedelta(days=YEAR):
            purse.popleft()
        while points and purse:
            oldest, earned, left = purse.popleft()
            part = min(points, left)
            taken.append((oldest, earned, day, part))
            points -= part
            if left > part:
                purse.appendleft((oldest, earned, left - part))
    return events, taken


def redemptions(facts: Facts) -> tuple[list[tuple[date, int]], list[tuple[date, date, int]]]:
    """(day, points) of what was earned, (day earned, day redeemed, points) of what of it was redeemed."""
    events, taken = _purses(facts)
    earns = events.filter(pl.col("event_type") == "earn").select("day", "points")
    return list(earns.iter_rows()), [(earned, day, points) for _, earned, day, points in taken]


def points_redemption(facts: Facts, today: date) -> pl.DataFrame:
    """A row per event that earns: x its points, y those of them redeemed by its day + 365, in ten-thousandths."""
    events, uses = _purses(facts)
    taken: dict[int, int] = {}
    for event, _, _, points in uses:
        taken[event] = taken.get(event, 0) + points
    earns = events.filter(pl.col("event_type") == "earn")
    return earns.with_columns(
        sampling_unit("profiles", "customer_key"),
        path_day="day",
        day=pl.col("day").dt.offset_by(f"{YEAR}d"),
        leaf=pl.lit(facts.tree.root),
        channel=pl.lit(None, pl.String),
        x="points",
        y=pl.Series([taken.get(event, 0) for event in earns["event"]], dtype=pl.Int64),
    ).filter(pl.col("day") < today)


def intrinsic_share(facts: Facts) -> pl.DataFrame:
    """What members do beside buying; y: nobody was rewarded for it."""
    events = facts.loyalty_events.drop_nulls("customer_key").filter(pl.col("event_type").is_in(ENGAGING))
    asked = events.with_columns(on=pl.col("day").dt.month_start())
    return events.with_columns(
        sampling_unit("profiles", "customer_key"),
        path_day="day",
        leaf=home_units(asked, facts.orders, facts.tree.root),
        channel=home_channels(asked, facts.orders),
        x=pl.lit(1, pl.Int64),
        y=(~pl.col("is_rewarded").fill_null(True)).cast(pl.Int64),
    )


def _of_members(
    facts: Facts, company: Company, ends: list[date], per_member: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """The members of `active_members`, as the company's, each with the y that their events of 30 days have."""
    events = facts.loyalty_events.drop_nulls("customer_key")
    parts = [pl.DataFrame(schema={"customer_key": pl.String, "y": pl.Int64, "end": pl.Date})]
    for end in ends:
        during = (pl.col("day") >= end - timedelta(days=30)) & (pl.col("day") < end)
        parts.append(per_member(events.filter(during)).select("customer_key", "y", end=pl.lit(end)))
    members = active_members(facts, company, ends).drop("y").with_columns(end=pl.col("day").dt.offset_by("1d"))
    return members.join(pl.concat(parts), on=["customer_key", "end"], how="left").with_columns(
        pl.col("y").fill_null(0), leaf=pl.lit(facts.tree.root)
    )


def benefit_use_rate(facts: Facts, company: Company, ends: list[date]) -> pl.DataFrame:
    """Members who used a benefit."""
    return _of_members(
        facts,
        company,
        ends,
        lambda events: (
            events.filter(pl.col("event_type") == "benefit_use").select("customer_key", y=pl.lit(1, pl.Int64)).unique()
        ),
    )


def benefit_cost_per_member(facts: Facts, company: Company, ends: list[date]) -> pl.DataFrame:
    """What redeeming and benefits cost, in ten-thousandths."""
    return _of_members(
        facts,
        company,
        ends,
        lambda events: (
            events.filter(pl.col("event_type").is_in(["redeem", "benefit_use"]))
            .group_by("customer_key")
            .agg(y=pl.col("cost_amount").sum())
        ),
    )
