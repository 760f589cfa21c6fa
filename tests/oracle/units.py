"""The org tree in force on a day: paths from a unit to the root, an event's own unit, a profile's home unit."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl

from .company import Company

HOME_DAYS = 365
_STEPS = 20


class Tree:
    """The org units' versions; what is asked of it is resolved on a day and remembered between the days of change."""

    def __init__(self, org_units: pl.DataFrame) -> None:
        self._versions: dict[str, list[dict]] = {}
        for row in org_units.sort("valid_from").iter_rows(named=True):
            self._versions.setdefault(row["org_unit_id"], []).append(row)
        roots = org_units.filter((pl.col("kind") == "company") & pl.col("parent_org_unit_id").is_null())
        self.root: str = min(roots["org_unit_id"].to_list(), default="company")
        days = {day for rows in self._versions.values() for row in rows for day in (row["valid_from"], row["valid_to"])}
        self._changes = sorted(day for day in days if day is not None)
        self._paths: dict[tuple[str, int], tuple[str, ...]] = {}

    @property
    def known(self) -> list[str]:
        return list(self._versions)

    def parent(self, unit: str, day: date) -> str | None:
        """The unit above on a day; the root where that is unknown or the unit itself, None for the root."""
        row = self.version(unit, day)
        if unit == self.root or row is None:
            return None
        parent = row["parent_org_unit_id"]
        return parent if parent in self._versions and parent != unit else self.root

    def version(self, unit: str, day: date) -> dict | None:
        """The row in force on the day; else the latest that had started; else the earliest; None for an unknown unit."""
        rows = self._versions.get(unit)
        if not rows:
            return None
        started = [row for row in rows if row["valid_from"] <= day]
        in_force = [row for row in started if row["valid_to"] is None or day < row["valid_to"]]
        return (in_force or started or rows[:1])[-1]

    def path(self, unit: str, day: date) -> tuple[str, ...]:
        """The unit and all above it, the root always last; a parent that is unknown, or the unit itself, is the root."""
        key = (unit, bisect_right(self._changes, day))
        if key not in self._paths:
            nodes: list[str] = []
            here: str | None = unit
            while here is not None and here != self.root and here not in nodes and len(nodes) <= _STEPS:
                row = self.version(here, day)
                if row is None:
                    break
                nodes.append(here)
                here = row["parent_org_unit_id"]
            self._paths[key] = (*nodes, self.root)
        return self._paths[key]

    def paths(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with (leaf, path_day) to one row per node of the leaf's path on that day, in column org_unit_id."""
        pairs = rows.select("leaf", "path_day").unique()
        nodes = [self.path(leaf, day) for leaf, day in pairs.iter_rows()]
        pairs = pairs.with_columns(org_unit_id=pl.Series(nodes, dtype=pl.List(pl.String)))
        return rows.join(pairs, on=["leaf", "path_day"]).explode("org_unit_id")


def own_units(events: pl.DataFrame, tree: Tree, employees: pl.DataFrame, company: Company) -> pl.Series:
    """Each event's own unit; needs org_unit_id, employee_id, channel and day.

    A known unit that the event names, else its employee's that day, else its channel's; where that is unknown, the root.
    """
    known = tree.known
    asked = events.with_row_index("event")
    # Of an employee's overlapping rows the one that started last is in force.
    held = (
        asked.select("event", "employee_id", "day")
        .join(employees.select("employee_id", "valid_from", "valid_to", team="org_unit_id"), on="employee_id")
        .filter(
            (pl.col("valid_from") <= pl.col("day"))
            & (pl.col("valid_to").is_null() | (pl.col("day") < pl.col("valid_to")))
        )
        .sort("event", "valid_from")
        .unique("event", keep="last", maintain_order=True)
        .select("event", "team")
    )
    channels = pl.col("channel").replace_strict(company.channel_units, default=None, return_dtype=pl.String)
    candidates = asked.join(held, on="event", how="left").sort("event").with_columns(by_channel=channels)
    known_unit = pl.col("org_unit_id").is_in(known)
    owner = pl.when(known_unit).then("org_unit_id").otherwise(pl.coalesce("team", "by_channel"))
    return candidates.select(own=pl.when(owner.is_in(known)).then(owner).otherwise(pl.lit(tree.root)))["own"]


def home_units(asked: pl.DataFrame, orders: pl.DataFrame, root: str) -> pl.Series:
    """The home unit of each (customer_key, on) in `asked`.

    Most distinct order days by own unit in the 365 days before `on`; ties: the unit of the latest order, then the smallest
    id; without orders the root. `orders`: counting orders with customer_key, day, own_unit, ordered_at.
    """
    return most_order_days(asked, orders, "own_unit", root).alias("leaf")


def home_channels(asked: pl.DataFrame, orders: pl.DataFrame) -> pl.Series:
    """The channel of each (customer_key, on) by the same rule; without orders `none`, an order without one is `unknown`."""
    return most_order_days(asked, orders.with_columns(pl.col("channel").fill_null("unknown")), "channel", "none")


def most_order_days(asked: pl.DataFrame, orders: pl.DataFrame, place: str, nowhere: str) -> pl.Series:
    """Where each (customer_key, on) ordered on most days of the 365 before; ties: latest order, smallest name."""
    days = orders.group_by("customer_key", "day", place).agg(pl.col("ordered_at").max())
    asked = asked.select("customer_key", "on")
    window = (pl.col("day") < pl.col("on")) & (pl.col("day") >= pl.col("on").dt.offset_by(f"-{HOME_DAYS}d"))
    votes = (
        asked.unique()
        .join(days, on="customer_key")
        .filter(window)
        .group_by("customer_key", "on", place)
        .agg(days=pl.len(), latest=pl.col("ordered_at").max())
        .sort(["days", "latest", place], descending=[True, True, False])
        .unique(["customer_key", "on"], keep="first", maintain_order=True)
    )
    homes = asked.join(votes, on=["customer_key", "on"], how="left", maintain_order="left")
    return homes[place].fill_null(nowhere)


def month_starts(first: date, last: date) -> Iterable[date]:
    """The first day of every month from the one of `first` to the one of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
