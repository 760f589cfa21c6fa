"""KPIs of what customers buy and of how members take part."""

from datetime import date, timedelta

import polars as pl

from .company import Company
from .facts import Facts, order_days, sampling_unit
from .units import home_channels, home_units

WINDOW = 90
TAKING_PART = (
    *("redeem", "benefit_use", "check_in", "share", "review", "content", "community", "referral", "challenge"),
)
_STATE = {
    "customer_key": pl.String,
    "is_weak": pl.Boolean,
    "on": pl.Date,
    "path_day": pl.Date,
    "day": pl.Date,
    "x": pl.Int64,
    "y": pl.Int64,
}


def _homed(parts: list[pl.DataFrame], facts: Facts) -> pl.DataFrame:
    """States of profiles, at the home unit and in the channel that each has on the day `on`."""
    rows = pl.concat(
        [pl.DataFrame(schema=_STATE), *(part.select(pl.col(n).cast(k) for n, k in _STATE.items()) for part in parts)]
    )
    leaf = home_units(rows, facts.orders, facts.tree.root)
    channel = home_channels(rows, facts.orders)
    return rows.with_columns(sampling_unit("profiles", "customer_key"), leaf=leaf, channel=channel).drop("on")


def _within(start: date, end: date) -> pl.Expr:
    """Days from `start` up to but not including `end`."""
    return (pl.col("day") >= start) & (pl.col("day") < end)


def retention_rolling(facts: Facts, ends: list[date], core: bool = False) -> pl.DataFrame:
    """Per month end E: profiles with an order day in [E−180, E−90), and whether they have one in [E−90, E).

    The home unit, its path and the slices are those of day E−90. `core`: only the fifth of them that earned most.
    """
    days = order_days(facts)
    parts = []
    for end in ends:
        middle, start = end - timedelta(days=WINDOW), end - timedelta(days=2 * WINDOW)
        before = days.filter(_within(start, middle)).select("customer_key", "is_weak").unique()
        if core:
            before = _best_fifth(before, facts, middle)
        after = days.filter(_within(middle, end))["customer_key"].unique()
        parts.append(
            before.with_columns(
                on=pl.lit(middle),
                path_day=pl.lit(middle),
                day=pl.lit(end - timedelta(days=1)),
                x=1,
                y=pl.col("customer_key").is_in(after.to_list()),
            )
        )
    return _homed(parts, facts)


def earned(days: pl.DataFrame) -> pl.DataFrame:
    """What the order days of `facts.earnings` brought per profile, as `earned`; null where no day's margin is known.

    Where less than 95 % of the days' net sales have a known margin, net sales stand for margin throughout.
    """
    sales, known = days["net_sales"].sum(), days.filter(pl.col("margin").is_not_null())["net_sales"].sum()
    basis = pl.col("margin" if 100 * known >= 95 * sales else "net_sales")
    has_any = basis.is_not_null().any()
    return days.group_by("customer_key").agg(earned=pl.when(has_any).then(basis.sum()))


def _best_fifth(who: pl.DataFrame, facts: Facts, on: date) -> pl.DataFrame:
    """The ⌈N/5⌉ of N profiles that earned most in the 365 days before a day; unknown comes last, ties: the smaller key."""
    year = facts.earnings.filter(_within(on - timedelta(days=365), on)).join(who, on="customer_key", how="semi")
    ranked = who.join(earned(year), on="customer_key", how="left")
    ranked = ranked.sort(["earned", "customer_key"], descending=[True, False], nulls_last=True)
    return ranked.head(-(-ranked.height // 5)).drop("earned")


def active_members(facts: Facts, company: Company, ends: list[date]) -> pl.DataFrame:
    """Per month end E: profiles enrolled and not gone since, and whether they bought or took part in [E−30, E).

    Only where all orders of these 30 days are known.
    """
    starts = company.history_starts_on or order_days(facts)["day"].min()
    events = facts.loyalty_events.drop_nulls("customer_key")
    steps = events.filter(pl.col("event_type").is_in(["enrol", "leave"])).sort(
        "occurred_at", "source_system", "event_id"
    )
    signs = pl.concat(
        [
            order_days(facts).select("customer_key", "day"),
            events.filter(pl.col("event_type").is_in(TAKING_PART)).select("customer_key", "day"),
        ]
    )
    parts = []
    for end in ends:
        if isinstance(starts, date) and end - timedelta(days=30) < starts:
            continue
        last = steps.filter(pl.col("day") < end).unique("customer_key", keep="last", maintain_order=True)
        active = signs.filter(_within(end - timedelta(days=30), end))["customer_key"].unique()
        parts.append(
            last.filter(pl.col("event_type") == "enrol")
            .select("customer_key", "is_weak")
            .with_columns(
                on=pl.lit(end),
                path_day=pl.lit(end - timedelta(days=1)),
                day=pl.lit(end - timedelta(days=1)),
                x=1,
                y=pl.col("customer_key").is_in(active.to_list()),
            )
        )
    return _homed(parts, facts)


def _again(facts: Facts) -> pl.DataFrame:
    """(customer_key, day, again): each order day, and whether another follows in the 90 days after it."""
    days = order_days(facts).select("customer_key", "day").sort("customer_key", "day")
    following = pl.col("day").shift(-1).over("customer_key")
    soon = (following <= pl.col("day").dt.offset_by(f"{WINDOW}d")).fill_null(False)
    return days.with_columns(again=soon.cast(pl.Int64))


def _closed(rows: pl.DataFrame, today: date) -> pl.DataFrame:
    """Rows of an order day, dated by the day on which their window closes; those still open leave."""
    return rows.with_columns(
        sampling_unit("profiles", "customer_key"),
        path_day="day",
        day=pl.col("day").dt.offset_by(f"{WINDOW}d"),
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y="again",
    ).filter(pl.col("day") < today)


def repurchase_90d(facts: Facts, today: date) -> pl.DataFrame:
    """A row per profile, order day, unit and channel; `order` lets a cell keep a profile's first."""
    rows = facts.orders.drop_nulls("customer_key").select("customer_key", "is_weak", "day", "own_unit", "channel")
    rows = rows.unique().join(_again(facts), on=["customer_key", "day"])
    return _closed(rows.with_columns(order=-pl.col("day").to_physical().cast(pl.Int64)), today)


def first_orders(facts: Facts) -> pl.DataFrame:
    """Every profile's first counting order."""
    return (
        facts.orders.drop_nulls("customer_key")
        .sort("ordered_at", "source_system", "order_id")
        .unique("customer_key", keep="first", maintain_order=True)
    )


def new_customers(facts: Facts, company: Company) -> pl.DataFrame:
    """First orders of profiles that the history can tell to be new: it is a year old by then."""
    starts = company.history_starts_on or order_days(facts)["day"].min()
    return first_orders(facts).filter(pl.col("day") >= pl.lit(starts, pl.Date).dt.offset_by("365d"))


def new_to_repeat(facts: Facts, company: Company, today: date) -> pl.DataFrame:
    """New customers, and whether they came on another day in the 90 days after the first."""
    return _closed(new_customers(facts, company).join(_again(facts), on=["customer_key", "day"]), today)


def promo_dependence(facts: Facts, company: Company) -> pl.DataFrame:
    """Net sales per counting order, in ten-thousandths; y: of those with a campaign or a coupon."""
    promoted = pl.col("campaign_id").is_not_null() | pl.col("coupon_code").is_not_null()
    if company.discount_is_promotion:
        promoted |= (pl.col("discount_amount") > 0).fill_null(False)
    return facts.orders.with_columns(
        sampling_unit("orders", "source_system", "order_id"),
        path_day="day",
        leaf="own_unit",
        x="net_sales",
        y=pl.when(promoted).then("net_sales").otherwise(0),
    )
