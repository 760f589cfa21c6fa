"""Customers who buy as the two models say, with parameters that are known, as the facts that the warehouse holds."""

import datetime as dt

import duckdb
import numpy as np
import pyarrow as pa

STARTS = dt.date(2024, 1, 15)
TRUTH = {"r": 0.8, "alpha": 6.0, "a": 0.7, "b": 3.0, "p": 4.0, "q": 5.0, "gamma": 100.0}


def simulated(seed: int, customers: int, days: int) -> list[tuple[int, dt.date, float]]:
    """(customer_no, day, margin) of customers who come in the first half of `days`, from STARTS on.

    Every purchase but the first may be the last; at most one a day.
    """
    draw = np.random.default_rng(seed)
    rows = []
    for customer in range(1, customers + 1):
        rate = draw.gamma(TRUTH["r"], 1 / TRUTH["alpha"]) / 7
        leaves = draw.beta(TRUTH["a"], TRUTH["b"])
        scale = draw.gamma(TRUTH["q"], 1 / TRUTH["gamma"])
        first = at = draw.uniform(0, days / 2)
        seen = set()
        while at < days:
            if int(at) not in seen:
                seen.add(int(at))
                rows.append((customer, STARTS + dt.timedelta(int(at)), draw.gamma(TRUTH["p"], 1 / scale)))
            if at > first and draw.random() < leaves:
                break
            at += draw.exponential(1 / rate)
    return rows


def warehouse(rows: list[tuple[int, dt.date, float]], as_of: dt.date, costs: bool = True) -> duckdb.DuckDBPyConnection:
    """The facts that the room reads. Half of what a customer pays is margin; without `costs` nobody knows that."""
    connection = duckdb.connect()
    connection.execute("create table bought (customer_no integer, order_day date, margin double)")
    if rows:
        customers, days, margins = zip(*rows, strict=True)
        connection.register("found", pa.table({"customer_no": customers, "day": days, "margin": margins}))
        connection.execute("insert into bought select customer_no, day, margin from found")
    margin = "cast(margin as decimal(18, 4))" if costs else "cast(null as decimal(18, 4))"
    connection.execute(
        f"create table orders as select customer_no, order_day, true as is_counting, {margin} as margin, "
        "cast(round(2 * margin, 4) as decimal(18, 4)) as net_sales from bought"
    )
    connection.execute(
        "create table customer_days as select customer_no, order_day, "
        "lead(order_day) over later as next_order_day, cast(row_number() over later as integer) as day_no, "
        "cast(count(margin) over later as integer) as priced_days, "
        "cast(sum(net_sales) over later as decimal(18, 4)) as net_sales, "
        "cast(coalesce(sum(case when margin is not null then net_sales end) over later, 0) as decimal(18, 4)) as priced_sales, "
        "cast(coalesce(sum(margin) over later, 0) as decimal(18, 4)) as margin "
        "from orders window later as (partition by customer_no order by order_day);"
        "create table first_orders as select customer_no, min(order_day) as order_day from orders group by all;"
        "create table periods as select 'month' as period_kind, cast(unnest(generate_series("
        f"date '2024-02-01', date '{as_of}', interval 1 month)) as date) as period_end, true as is_complete"
    )
    return connection
