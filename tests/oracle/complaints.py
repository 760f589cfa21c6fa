"""Who stays after a complaint, and how many of their like stay who had none."""

from datetime import date

import polars as pl

from .facts import Facts, order_days, sampling_unit
from .intervals import newcombe
from .purchases import WINDOW
from .units import home_channels, home_units

YEAR, UNRESOLVED, FEWEST = 365, 30, 5
MOST_CONTROLS = 20_000
STRATUM = ["tenure_class", "days_class", "recency_class", "main_channel"]


def post_complaint_retention(facts: Facts, today: date) -> pl.DataFrame:
    """A row per complaint case of a customer, with its stratum; y: an order day in the 90 days after it was closed.

    `order` ranks the rows of one customer, of which a cell takes the last closed; `month`: that of the closing.
    """
    closed = pl.coalesce("resolved_day", pl.col("day").dt.offset_by(f"{UNRESOLVED}d"))
    cases = (
        facts.cases.filter(pl.col("kind") == "complaint")
        .drop_nulls("customer_key")
        .with_columns(on="day", anchor=closed)
        .sort("opened_at", "source_system", "case_id")
        .with_row_index("row")
    )
    rows = cases.join(_history(cases, facts), on=["customer_key", "anchor"])
    leaf = home_units(rows, facts.orders, facts.tree.root)
    main = home_channels(rows, facts.orders)
    return rows.with_columns(
        sampling_unit("profiles", "customer_key"),
        path_day="anchor",
        day=pl.col("anchor").dt.offset_by(f"{WINDOW}d"),
        leaf=leaf,
        main_channel=main,
        month=pl.col("anchor").dt.month_start(),
        order=pl.struct("anchor", "row").rank("dense").cast(pl.Int64),
        x=pl.lit(1, pl.Int64),
    ).filter(pl.col("day") < today)


def _history(asked: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """For each (customer_key, anchor) with an order day in the 365 before it: y and the classes of its stratum."""
    asked = asked.select("customer_key", "anchor").unique()
    days = asked.join(order_days(facts).select("customer_key", order_day="day"), on="customer_key")
    ago = (pl.col("anchor") - pl.col("order_day")).dt.total_days()
    lately = (ago > 0) & (ago <= YEAR)
    found = (
        days.with_columns(ago=ago, lately=lately)
        .group_by("customer_key", "anchor")
        .agg(
            known=pl.col("ago").max(),
            bought=pl.col("lately").sum(),
            last=pl.col("ago").filter(pl.col("lately")).min(),
            y=((pl.col("ago") < 0) & (pl.col("ago") >= -WINDOW)).any().cast(pl.Int64),
        )
    )
    return found.filter(pl.col("bought") > 0).select(
        "customer_key",
        "anchor",
        "y",
        tenure_class=_class("known", 90, 365),
        days_class=_class("bought", 1, 2, 4),
        recency_class=_class("last", 30, 90),
    )


def _class(column: str, *upper: int) -> pl.Expr:
    """The class that a number lies in, by the classes' upper bounds, the last of which has none."""
    return pl.sum_horizontal((pl.col(column) > bound).cast(pl.Int64) for bound in upper)


def controls(months: list[date], facts: Facts) -> pl.DataFrame:
    """(month, stratum, m, kept): customers without a complaint in a month and the year before, and how many of them came back."""
    opened = facts.cases.filter(pl.col("kind") == "complaint").drop_nulls("customer_key").select("customer_key", "day")
    days = order_days(facts)
    found = []
    for month in months:
        year = (pl.col("day") >= pl.lit(month).dt.offset_by(f"-{YEAR}d")) & (pl.col("day") < month)
        who = days.filter(year).select("customer_key").unique()
        complained = pl.col("day") < pl.lit(month).dt.offset_by("1mo")
        complained &= pl.col("day") >= pl.lit(month).dt.offset_by(f"-{YEAR}d")
        who = who.join(opened.filter(complained), on="customer_key", how="anti").sort("customer_key")
        who = who.gather_every(max(1, who.height // MOST_CONTROLS)).with_columns(anchor=pl.lit(month), on=pl.lit(month))
        who = who.with_columns(main_channel=home_channels(who, facts.orders))
        found.append(who.join(_history(who, facts), on=["customer_key", "anchor"]).with_columns(month="anchor"))
    return pl.concat(found).group_by("month", *STRATUM).agg(m=pl.len(), kept=pl.col("y").sum())


def control_details(kept: pl.DataFrame, matched: pl.DataFrame) -> dict[str, tuple[float, float | None, float | None]]:
    """control_value, control_n and control_gap with its interval, of one cell's rows; nothing where too few are matched."""
    strata = kept.group_by("month", *STRATUM).agg(n=pl.len(), stayed=pl.col("y").sum())
    both = strata.join(matched, on=["month", *STRATUM])
    if both["n"].sum() < FEWEST:
        return {}
    weight = (pl.col("n") / pl.col("m")).alias("w")
    both = both.with_columns(weight)
    total = float(both["n"].sum())
    control_n = total**2 / float((both["w"] ** 2 * both["m"]).sum())
    if control_n < FEWEST:
        return {}
    control = float((both["w"] * both["kept"]).sum()) / total
    share = float(both["stayed"].sum()) / total
    low, high = (100 * bound for bound in newcombe(share, total, control, control_n))
    return {
        "control_value": (100 * control, None, None),
        "control_n": (control_n, None, None),
        "control_gap": (100 * (share - control), low, high),
    }
