"""What customers have bought so far, from the facts: purchase days, what they earned, and how these group."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import duckdb

if TYPE_CHECKING:
    from orchestration.lifetime_value.likelihood import Vector
    from orchestration.lifetime_value.purchases import Groups

Basis = Literal["margin", "net_sales"]
ENOUGH_REPEAT_CUSTOMERS = 100
ENOUGH_DAYS = 365
ENOUGH_KNOWN_COSTS = 0.95
"""With less of the net sales' cost known, all customers are valued by net sales: a mixture would compare nobody."""

# The running totals of the last purchase day before a day say everything; those of the first are no repeat. Whole weeks,
# half up: cutting them off would bias every parameter. The model knows no losses: who brought them earns nothing.
_HISTORIES = """
    create or replace temp table lifetime_histories as
    with days as (
        select
            e.ends_on,
            d.customer_no,
            cast(d.day_no - 1 as bigint) as x,
            d.order_day,
            f.order_day as first_day,
            cast({days} as bigint) as priced_days,
            d.{basis} - f.{basis} as earned,
            d.{basis} as earned_so_far
        from (select unnest($ends::date[]) as ends_on) as e
        inner join customer_days as d
            on e.ends_on > d.order_day and e.ends_on <= coalesce(d.next_order_day, date '9999-12-31')
        inner join customer_days as f on d.customer_no = f.customer_no and f.day_no = 1
    )

    select
        ends_on,
        customer_no,
        x,
        (2 * (order_day - first_day) + 7) // 14 as t_x,
        (2 * (ends_on - 1 - first_day) + 7) // 14 as age,
        priced_days,
        earned_so_far,
        case when priced_days > 0 then greatest(cast(earned as double), 0) / priced_days end as mean_margin
    from days
"""
_PRICED = {"margin": "d.priced_days - f.priced_days", "net_sales": "d.day_no - 1"}


class Extent(NamedTuple):
    """How much history there is before a day."""

    first_day: dt.date | None
    customers: int
    repeat_customers: int


def complete_months(connection: duckdb.DuckDBPyConnection) -> list[dt.date]:
    """The days after the complete months of the company's history, ascending."""
    return [
        row[0]
        for row in connection.execute(
            "select period_end from periods where period_kind = 'month' and is_complete order by period_end"
        ).fetchall()
    ]


def extent(connection: duckdb.DuckDBPyConnection, before: dt.date) -> Extent:
    """The history before a day, from facts alone: cheap enough for a company that has hardly any."""
    return Extent(
        *connection.execute(
            """
            with days as (
                select *, coalesce(next_order_day, date '9999-12-31') >= $before as is_last
                from customer_days
                where order_day < $before
            )
            select min(order_day), count(*) filter (where is_last), count(*) filter (where is_last and day_no > 1) from days
            """,
            {"before": before},
        ).fetchall()[0]
    )


def quarter_of(end: dt.date) -> dt.date:
    """The first day of the quarter in which a day lies."""
    return end.replace(month=(end.month - 1) // 3 * 3 + 1)


def shortcoming(extent: Extent, quarter: dt.date) -> str | None:
    """Why the history before a quarter carries no model; None where it does."""
    if extent.first_day is None:
        return "no_purchases"
    if (quarter - extent.first_day).days < ENOUGH_DAYS:
        return "short_history"
    return "few_repeat_customers" if extent.repeat_customers < ENOUGH_REPEAT_CUSTOMERS else None


def known_cost_share(connection: duckdb.DuckDBPyConnection, before: dt.date) -> float:
    """The share of net sales on days whose costs are all known."""
    known, all_sales = connection.execute(
        """
        select sum(priced_sales), sum(net_sales)
        from customer_days
        where order_day < $before and coalesce(next_order_day, date '9999-12-31') >= $before
        """,
        {"before": before},
    ).fetchall()[0]
    return float(known or 0) / float(all_sales) if all_sales else 0.0


def load_histories(connection: duckdb.DuckDBPyConnection, ends: Sequence[dt.date], basis: Basis) -> None:
    """Make the temporary table `lifetime_histories`: a row per day of `ends` and customer, in weeks, from what lies before it."""
    connection.execute(_HISTORIES.format(basis=basis, days=_PRICED[basis]), {"ends": list(ends)})


def groups(connection: duckdb.DuckDBPyConnection) -> "Groups":
    """The histories as groups of customers with equal ones."""
    from orchestration.lifetime_value.purchases import Groups

    found = connection.execute(
        "select x, t_x, age, count(*) as customers from lifetime_histories group by x, t_x, age order by x, t_x, age"
    ).to_arrow_table()
    x, t_x, age, customers = (column.to_numpy() for column in found.columns)
    return Groups(x, t_x.astype(float), age.astype(float), customers)


def earnings(connection: duckdb.DuckDBPyConnection) -> "tuple[Vector, Vector]":
    """Repeat days with known earnings and the mean of these, of every customer who earned something."""
    found = connection.execute(
        "select priced_days, mean_margin from lifetime_histories where priced_days > 0 and mean_margin > 0 order by all"
    ).to_arrow_table()
    days, means = (column.to_numpy() for column in found.columns)
    return days, means


def purchases_between(connection: duckdb.DuckDBPyConnection, start: dt.date, end: dt.date) -> dict[int, int]:
    """Purchase days in [start, end) by the repeats that the customers of `lifetime_histories` had before."""
    return dict(
        connection.execute(
            """
            select h.x, count(*)
            from customer_days as d
            inner join lifetime_histories as h on d.customer_no = h.customer_no
            where d.order_day >= ? and d.order_day < ?
            group by h.x
            order by h.x
            """,
            [start, end],
        ).fetchall()
    )
