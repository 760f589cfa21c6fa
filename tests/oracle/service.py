"""KPIs of talks, cases and complaints."""

from datetime import date, datetime

import polars as pl

from .business_time import answer_times
from .company import Company
from .facts import Facts, sampling_unit

ISSUE_GAP = pl.duration(days=7)
SELLING = ("STO", "ECM", "SAL")


def issues(rows: pl.DataFrame, time: str, key: str, about: str) -> pl.DataFrame:
    """Rows in order with their `issue`: the company's issue_id, else a chain of one profile's rows about one thing.

    In a chain each row comes at most 7 × 24 hours after the last. A row with neither issue_id nor profile is alone.
    """
    rows = rows.sort(time, "source_system", key)
    loose = pl.col("issue_id").is_null() & pl.col("customer_key").is_not_null()
    gap = pl.col(time).diff().over([loose, "customer_key", about])
    number = (gap.is_null() | (gap > ISSUE_GAP)).cast(pl.Int64).cum_sum().over([loose, "customer_key", about])
    # The parts are joined by a character that no trimmed text begins with, a null subject being its own.
    spoken = pl.lit("issue\n") + pl.col("issue_id")
    chained = pl.concat_str(
        pl.lit("chain\n"),
        "customer_key",
        pl.lit("\n"),
        pl.col(about).fill_null("\n"),
        pl.lit("\n"),
        number.cast(pl.String),
    )
    alone = pl.concat_str(pl.lit("row\n"), "source_system", pl.lit("\n"), key)
    return rows.with_columns(issue=pl.coalesce(spoken, pl.when(loose).then(chained), alone))


def fcr(facts: Facts, company: Company, today: date) -> pl.DataFrame:
    """Issues that began with a person; y: nobody had to come back in the seven days after."""
    inbound = facts.contacts.filter(pl.col("direction").fill_null("inbound") == "inbound")
    talks = issues(inbound, "started_at", "contact_id", "purpose").with_row_index("talk")
    first = talks.unique("issue", keep="first", maintain_order=True)
    asked = (pl.col("handled_by") == "person").fill_null(False) & ~pl.col("abandoned").fill_null(False)
    if company.first_contact_purposes:
        asked &= pl.col("purpose").is_in(list(company.first_contact_purposes)).fill_null(False)
    first = first.filter(asked).with_columns(closes=pl.col("day").dt.offset_by("7d"))
    again = (
        talks.join(first.select("issue", "closes", began="talk"), on="issue")
        .filter((pl.col("talk") != pl.col("began")) & (pl.col("day") <= pl.col("closes")))
        .select("issue", back=pl.lit(1, pl.Int64))
        .unique()
    )
    earlier = talks.select("customer_key", "issue", "purpose", at="started_at")
    before = (
        first.drop_nulls("customer_key")
        .join(earlier, on="customer_key", suffix="_2")
        .filter(
            (pl.col("issue") != pl.col("issue_2"))
            & pl.col("purpose").eq_missing(pl.col("purpose_2"))
            & (pl.col("at") < pl.col("started_at"))
            & (pl.col("at") >= pl.col("started_at") - pl.duration(days=30))
        )
        .select("issue")
        .unique()
    )
    return (
        first.join(before, on="issue", how="anti")
        .join(again, on="issue", how="left")
        .filter(pl.col("closes") < today)
        .with_columns(
            sampling_unit("issues", "issue"),
            path_day="day",
            day="closes",
            leaf="own_unit",
            x=pl.lit(1, pl.Int64),
            y=1 - pl.col("back").fill_null(0),
        )
    )


def in_time(facts: Facts, company: Company, as_of: datetime, minutes: int, done: str, kept: pl.Expr) -> pl.DataFrame:
    """Cases due by now; y: `done` by then, and `kept`. `micros`: the business time until it was (null: not, or not kept)."""
    cases = answer_times(facts.cases, company, as_of, minutes, done).drop_nulls("due")
    due_day = pl.col("due").dt.convert_time_zone(company.timezone).dt.date()
    return cases.with_columns(
        day=due_day,
        path_day=due_day,
    ).with_columns(
        sampling_unit("cases", "source_system", "case_id"),
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=((pl.col(done) <= pl.col("due")) & kept).fill_null(False).cast(pl.Int64),
        micros=pl.when(kept).then("micros"),
    )


def first_response(facts: Facts, company: Company, as_of: datetime) -> pl.DataFrame:
    """Whether a person had answered by the time that is promised."""
    return in_time(facts, company, as_of, company.first_response_minutes, "first_response_at", pl.lit(True))


def resolution_time(facts: Facts, company: Company, as_of: datetime) -> pl.DataFrame:
    """Whether a case was resolved by the time that is promised, and not opened again since."""
    closed = (pl.col("reopened_at") <= pl.col("resolved_at")).fill_null(True)
    return in_time(facts, company, as_of, company.resolution_minutes, "resolved_at", closed)


def complaint_rate(facts: Facts) -> pl.DataFrame:
    """One row with x = 1 per counting order and one with y = 1 per complaint issue, at its first complaint case."""
    columns = ["sampling_unit", "customer_key", "is_weak", "day", "path_day", "leaf", "x", "y", "channel"]
    orders = facts.orders.with_columns(
        sampling_unit("orders", "source_system", "order_id"),
        path_day="day",
        leaf="own_unit",
        x=pl.lit(1, pl.Int64),
        y=pl.lit(0, pl.Int64),
    )
    first = (
        issues(facts.cases, "opened_at", "case_id", "category")
        .filter(pl.col("kind") == "complaint")
        .unique("issue", keep="first", maintain_order=True)
    )
    about = facts.all_orders.select(
        sampling_unit("orders", "source_system", "order_id").alias("order_sampling_unit"),
        order_system="source_system",
        order_id="order_id",
        order_unit="own_unit",
        order_customer="customer_key",
        order_channel="channel",
        order_is_weak="is_weak",
    )
    first = first.join(about, on=["order_system", "order_id"], how="left")
    pairs = first.select("own_unit", "day").unique()
    functions = [(facts.tree.version(unit, day) or {}).get("function") for unit, day in pairs.iter_rows()]
    first = first.join(pairs.with_columns(function=pl.Series(functions, dtype=pl.String)), on=["own_unit", "day"])
    own = pl.when(pl.col("function").is_in(list(SELLING))).then("own_unit")
    # Where the case names nobody, the complaint belongs with the order it is about: one buyer is not two sampling units.
    nobody = pl.col("customer_key").is_null() & pl.col("order_sampling_unit").is_not_null()
    complaints = first.with_columns(
        pl.when(nobody)
        .then("order_sampling_unit")
        .otherwise(sampling_unit("cases", "source_system", "case_id"))
        .alias("sampling_unit"),
        customer_key=pl.coalesce("customer_key", "order_customer"),
        is_weak=pl.when(nobody).then("order_is_weak").otherwise("is_weak"),
        path_day="day",
        # Where its order counts, or would: among those of no known channel if the order has none.
        channel=pl.when(pl.col("order_sampling_unit").is_not_null()).then("order_channel").otherwise("channel"),
        leaf=pl.coalesce("order_unit", own, pl.lit(facts.tree.root)),
        x=pl.lit(0, pl.Int64),
        y=pl.lit(1, pl.Int64),
    )
    return pl.concat([orders.select(columns), complaints.select(columns)])
