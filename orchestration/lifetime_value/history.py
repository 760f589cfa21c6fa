"""What customers have bought so far, from the facts: purchase days, what they earned, and how these group."""

import datetime as dt
from typing import TYPE_CHECKING, Literal, NamedTuple

import duckdb

if TYPE_CHECKING:
    from orchestration.lifetime_value.likelihood import Vector
    from orchestration.lifetime_value.purchases import Groups

Basis = Literal["margin", "net_sales"]
ENOUGH_KNOWN_COSTS = 0.95
"""With less of the net sales' cost known, all customers are valued by net sales: a mixture would compare nobody."""

# A day's margin is known where all its orders' is; customer_no, day and sums are exact, so nothing depends on an order.
_DAYS = """
    create or replace temp table lifetime_days as
    select
        o.customer_no,
        o.order_day,
        o.order_day > f.order_day as is_repeat,
        cast(sum(o.net_sales) as decimal(18, 4)) as net_sales,
        case when count(o.margin) = count(*) then cast(sum(o.margin) as decimal(18, 4)) end as margin
    from orders as o
    inner join first_orders as f on o.customer_no = f.customer_no
    where o.is_counting and o.order_day < ?
    group by o.customer_no, o.order_day, f.order_day
"""
# Whole weeks, half up: cutting them off would bias every parameter.
_HISTORIES = """
    create or replace temp table lifetime_histories as
    select
        customer_no,
        count(*) filter (where is_repeat) as x,
        (2 * (max(order_day) - min(order_day)) + 7) // 14 as t_x,
        (2 * (cast(? as date) - 1 - min(order_day)) + 7) // 14 as age,
        count({basis}) filter (where is_repeat) as priced_days,
        -- the model knows no losses: who brought them is taken to earn nothing
        case
            when count({basis}) filter (where is_repeat) > 0 then
                greatest(cast(sum({basis}) filter (where is_repeat) as double), 0) / count({basis}) filter (where is_repeat)
        end as mean_margin
    from lifetime_days
    where order_day < ?
    group by customer_no
"""


class Extent(NamedTuple):
    """How much history there is before a day."""

    first_day: dt.date | None
    customers: int
    repeat_customers: int


def last_complete_month(connection: duckdb.DuckDBPyConnection) -> dt.date | None:
    """The day after the last complete month of the company's history; none before its first."""
    return connection.execute(
        "select max(period_end) from periods where period_kind = 'month' and is_complete"
    ).fetchall()[0][0]


def extent(connection: duckdb.DuckDBPyConnection, before: dt.date) -> Extent:
    """The history before a day, from facts alone: cheap enough for a company that has hardly any."""
    return Extent(
        *connection.execute(
            """
            select min(f.order_day), count(*), count(*) filter (where f.order_day < c.last_day)
            from first_orders as f
            inner join (
                select customer_no, max(order_day) as last_day from customer_days where order_day < ? group by customer_no
            ) as c on f.customer_no = c.customer_no
            """,
            [before],
        ).fetchall()[0]
    )


def load_days(connection: duckdb.DuckDBPyConnection, before: dt.date) -> None:
    """Make the temporary table `lifetime_days`: a row per customer and purchase day before a day."""
    connection.execute(_DAYS, [before])


def known_cost_share(connection: duckdb.DuckDBPyConnection, before: dt.date) -> float:
    """The share of net sales on days whose costs are all known."""
    known, all_sales = connection.execute(
        "select sum(net_sales) filter (where margin is not null), sum(net_sales) from lifetime_days where order_day < ?",
        [before],
    ).fetchall()[0]
    return float(known or 0) / float(all_sales) if all_sales else 0.0


def load_histories(connection: duckdb.DuckDBPyConnection, before: dt.date, basis: Basis) -> None:
    """Make the temporary table `lifetime_histories`: a row per customer, in weeks, from what lies before a day."""
    connection.execute(_HISTORIES.format(basis=basis), [before, before])


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
            from lifetime_days as d
            inner join lifetime_histories as h on d.customer_no = h.customer_no
            where d.order_day >= ? and d.order_day < ?
            group by h.x
            order by h.x
            """,
            [start, end],
        ).fetchall()
    )
