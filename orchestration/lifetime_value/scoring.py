"""The next twelve months of every customer: computed once per group of equal histories, joined back in SQL."""

import datetime as dt
from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from orchestration.lifetime_value import history, margins, purchases

MONTHS = 12
WEEKS_A_MONTH = 365.25 / 84
FEWEST_AT_RISK = 30
"""Customers with repeats who earned something, below which nothing is said of their value at risk; the KPI's own floor."""
FEWEST = 5
"""Buyers of either kind, below which nobody's part of the whole is told."""
DIGITS = 9
"""Decimals kept of an expectation: below lies what differs between machines."""

# What a day earns is expected from the customer's own days and, the fewer these are, from everybody's.
_EXPECTED_MARGIN = (
    "$p * ($gamma + h.priced_days * coalesce(h.mean_margin, 0)) / ($p * h.priced_days + $q - 1) as expected_margin"
)
CUSTOMERS = f"""
    create or replace table lifetime_value.customers as
    with expected as (
        select
            h.customer_no,
            h.x,
            g.p_alive,
            g.expected_orders,
            g.discounted_orders,
            g.discount,
            g.orders_low,
            g.orders_high,
            {_EXPECTED_MARGIN}
        from lifetime_histories as h
        inner join lifetime_groups as g on h.x = g.x and h.t_x = g.t_x and h.age = g.age
    )

    select
        customer_no,
        x as repeat_days,
        p_alive,
        expected_orders as expected_orders_12m,
        cast(round(expected_margin, 4) as decimal(18, 4)) as expected_margin,
        cast(round(discounted_orders * expected_margin, 4) as decimal(18, 4)) as value_12m,
        cast(round(orders_low * expected_margin * discount, 4) as decimal(18, 4)) as value_low,
        cast(round(orders_high * expected_margin * discount, 4) as decimal(18, 4)) as value_high
    from expected
    order by customer_no
"""
# Earnings are those of the 365 days before: the running totals of the last days before both ends.
MONTHS_OF_CUSTOMERS = f"""
    insert into lifetime_value.customer_months
    with before_the_year as (
        select e.ends_on, d.customer_no, d.{{basis}} as earned
        from (select unnest($ends::date[]) as ends_on) as e
        inner join customer_days as d
            on e.ends_on - 365 > d.order_day and e.ends_on - 365 <= coalesce(d.next_order_day, date '9999-12-31')
    ),

    expected as (
        select
            h.ends_on,
            h.customer_no,
            h.x,
            g.p_alive,
            g.discounted_orders,
            cast(h.earned_so_far - coalesce(b.earned, 0) as decimal(18, 4)) as earned_365d,
            {_EXPECTED_MARGIN}
        from lifetime_histories as h
        inner join lifetime_groups as g on h.x = g.x and h.t_x = g.t_x and h.age = g.age
        left join before_the_year as b on h.customer_no = b.customer_no and h.ends_on = b.ends_on
    )

    select
        ends_on,
        customer_no,
        x as repeat_days,
        p_alive,
        cast(round(discounted_orders * expected_margin, 4) as decimal(18, 4)) as value_12m,
        earned_365d
    from expected
"""


def discounted_purchases(model: purchases.BgNbd, groups: purchases.Groups, annual_discount: float) -> np.ndarray:
    """Purchase days expected in the twelve months after a history, each month's worth (1 + d)^(-i/12) of a day now.

    Returns:
        An array (2, groups): expected as they are, and discounted.
    """
    before, total = np.zeros(len(groups.x)), np.zeros(len(groups.x))
    for month in range(1, MONTHS + 1):
        until = purchases.expected_purchases(model, groups.x, groups.t_x, groups.age, month * WEEKS_A_MONTH)
        total += (until - before) * (1 + annual_discount) ** (-month / MONTHS)
        before = until
    return np.stack([before, total])


def write_customers(
    connection: duckdb.DuckDBPyConnection,
    bg_nbd: purchases.BgNbd,
    gamma_gamma: margins.GammaGamma,
    annual_discount: float,
) -> None:
    """Make `lifetime_value.customers` from the temporary table `lifetime_histories`.

    Its interval is that of how often a customer buys (95 %), each time at the expected margin: neither the parameters'
    own error nor the model's is in it.
    """
    groups = history.groups(connection)
    low, high = purchases.purchase_limits(bg_nbd, groups.x, groups.t_x, groups.age, MONTHS * WEEKS_A_MONTH)
    _write_groups(connection, bg_nbd, groups, annual_discount, {"orders_low": low, "orders_high": high})
    connection.execute(CUSTOMERS, gamma_gamma._asdict())


def write_months(
    connection: duckdb.DuckDBPyConnection,
    bg_nbd: purchases.BgNbd,
    gamma_gamma: margins.GammaGamma,
    basis: history.Basis,
    ends: Sequence[dt.date],
    annual_discount: float,
) -> None:
    """Add every customer's value at each of `ends`, for which one model holds, to `lifetime_value.customer_months`.

    Histories that are equal have equal values, whichever month they end in, so these are computed once.
    """
    history.load_histories(connection, ends, basis)
    _write_groups(connection, bg_nbd, history.groups(connection), annual_discount, {})
    connection.execute(MONTHS_OF_CUSTOMERS.format(basis=basis), {"ends": list(ends), **gamma_gamma._asdict()})


def _write_groups(
    connection: duckdb.DuckDBPyConnection,
    bg_nbd: purchases.BgNbd,
    groups: purchases.Groups,
    annual_discount: float,
    further: dict[str, np.ndarray],
) -> None:
    """Make the temporary table `lifetime_groups`: what holds for all customers with one history."""
    expected, discounted = discounted_purchases(bg_nbd, groups, annual_discount)
    columns = {
        "x": groups.x,
        "t_x": groups.t_x.astype(np.int64),
        "age": groups.age.astype(np.int64),
        "p_alive": purchases.p_alive(bg_nbd, groups.x, groups.t_x, groups.age).round(DIGITS),
        "expected_orders": expected.round(DIGITS),
        "discounted_orders": discounted.round(DIGITS),
        "discount": np.divide(discounted, expected, out=np.ones_like(expected), where=expected > 0).round(DIGITS),
        **further,
    }
    connection.register("lifetime_groups_computed", pa.table(columns))
    connection.execute("create or replace temp table lifetime_groups as select * from lifetime_groups_computed")
    connection.unregister("lifetime_groups_computed")


def value_at_risk(connection: duckdb.DuckDBPyConnection, end: dt.date) -> dict[str, float | None]:
    """What customers with repeats earned in the 365 days before a valued day, the part of it that rests on those who
    probably left (P(alive) < ½), and the part of all that one-time buyers earned, of whom the model cannot say that they left.
    None where these are so few that it would be what one of them earned."""
    everything, repeated, at_risk, repeaters, buyers = connection.execute(
        """
        select
            coalesce(sum(earned_365d), 0),
            coalesce(sum(earned_365d) filter (where repeat_days > 0), 0),
            coalesce(sum(earned_365d) filter (where repeat_days > 0 and p_alive < 0.5), 0),
            count(*) filter (where repeat_days > 0),
            count(*)
        from lifetime_value.customer_months
        where ends_on = $end and earned_365d > 0
        """,
        {"end": end},
    ).fetchall()[0]
    enough = repeaters >= FEWEST_AT_RISK
    few = 0 < repeaters < FEWEST or 0 < buyers - repeaters < FEWEST
    return {
        "repeat_value_365d": float(repeated) if enough else None,
        "value_at_risk_365d": float(at_risk) if enough else None,
        "value_at_risk_share": round(float(at_risk) / float(repeated), 9) if enough else None,
        "one_time_share": None if few else round(1 - float(repeated) / float(everything), 9) if everything else 0.0,
    }


def mean_value(connection: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """The customers' mean and total value with the mean's 95 % interval: sampling only, without model error.

    The interval is that of a ratio with x = 1 per customer: Student's t with n - 1 degrees of freedom.
    """
    from scipy import special

    n, total, squares = connection.execute(
        "select count(*), sum(value_12m), sum(cast(value_12m as decimal(19, 4)) * value_12m) from lifetime_value.customers"
    ).fetchall()[0]
    mean = float(total) / n
    variance = max(float(squares) - n * mean**2, 0) / (n - 1) / n
    half = float(special.stdtrit(n - 1, 0.975)) * variance**0.5
    return {
        "mean_value_12m": round(mean, 6),
        "mean_value_low": round(mean - half, 6),
        "mean_value_high": round(mean + half, 6),
        "total_value_12m": float(total),
    }
