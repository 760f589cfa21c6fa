"""What trade is like before a campaign and after it, on days on which none runs."""

from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from .facts import Facts, sampling_unit
from .slices import region

AFTER = 56
ENOUGH_DAYS = 28
ENOUGH_BUYERS = 30


def regions(frame: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The frame with its customers' `region`; nobody's is unknown."""
    who = frame.select("customer_key", path_day="day").drop_nulls().unique("customer_key")
    found = region(who, facts).select("customer_key", "region")
    return frame.join(found, on="customer_key", how="left").with_columns(pl.col("region").fill_null("unknown"))


def _meet(one: dict, other: dict) -> bool:
    return all(
        one[place] is None or other[place] is None or one[place] == other[place] for place in ("channel", "region")
    )


def _free_days(action: dict, others: list[dict], first: date, last: date) -> set[date]:
    """The days from `first` up to but not including `last` on which nothing runs that meets the action."""
    days = {first + timedelta(days=n) for n in range((last - first).days)}
    for other in others:
        if _meet(action, other):
            days -= {day for day in days if day >= other["starts"] and (other["ends"] is None or day < other["ends"])}
    return days


class Around(NamedTuple):
    """Days without campaigns before and after one and the days it ran, with the net sales and buyers of all of them."""

    days: tuple[int, int, int]
    sales: tuple[int, int, int]
    buyers: tuple[int, int, int]

    def per_day(self, phase: int) -> int | None:
        """Net sales per day, half up; None without days."""
        return (2 * self.sales[phase] + self.days[phase]) // (2 * self.days[phase]) if self.days[phase] else None


def sales_around(action: dict, facts: Facts, orders: pl.DataFrame) -> Around:
    """Before, during and after an action, in its channel and region; `orders` with channel and region filled."""
    begins, ends, reach = action["starts"], action["ends"], timedelta(days=AFTER)
    campaigns = facts.lasting("campaign")
    history = min((day.replace(day=1) for day in facts.event_days[:1]), default=begins)
    spans = (
        _free_days(action, campaigns, max(history, begins - reach), begins),
        {begins + timedelta(days=n) for n in range((ends - begins).days)},
        _free_days(action, campaigns, ends, ends + reach),
    )
    for place in ("channel", "region"):
        if action[place] is not None:
            orders = orders.filter(pl.col(place) == action[place])
    sold = [orders.filter(pl.col("day").is_in(list(days))) for days in spans]
    before, during, after = (
        (len(days), int(some["net_sales"].sum()), some["sampling_unit"].n_unique())
        for days, some in zip(spans, sold, strict=True)
    )
    return Around(*zip(before, during, after, strict=True))


def trade(facts: Facts) -> pl.DataFrame:
    """Counting orders with who bought, their channel and their customer's region."""
    return regions(facts.orders, facts).with_columns(
        sampling_unit("orders", "source_system", "order_id"), pl.col("channel").fill_null("unknown")
    )


def base_lift(facts: Facts, today: date) -> pl.DataFrame:
    """Per campaign the net sales of a campaign-free day in the 56 days after it (y) and before it (x), ten-thousandths."""
    orders = trade(facts)
    rows = []
    for action in facts.lasting("campaign"):
        if action["ends"] is None or action["ends"] + timedelta(days=AFTER) >= today:
            continue
        around = sales_around(action, facts, orders)
        enough_bought = min(around.buyers[0], around.buyers[2]) >= ENOUGH_BUYERS
        if min(around.days[0], around.days[2]) >= ENOUGH_DAYS and enough_bought:
            closes = action["ends"] + timedelta(days=AFTER)
            rows.append((action["action_id"], closes, action["owner"], around.per_day(0), around.per_day(2)))
    columns = {"sampling_unit": pl.String, "day": pl.Date, "leaf": pl.String, "x": pl.Int64, "y": pl.Int64}
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        path_day="day", customer_key=pl.lit(None, pl.String), is_weak=pl.lit(False)
    )
