"""What the loyalty programme gives, costs and owes, period by period."""

from bisect import bisect_left
from datetime import date, timedelta

import polars as pl

from .catalogue import MONEY
from .facts import Facts
from .periods import Period
from .programme import YEAR, redemptions

PROGRAMME_ECONOMICS = {
    "period_kind": pl.String,
    "period_start": pl.Date,
    "status": pl.String,
    "customers": pl.Int64,
    **dict.fromkeys(
        (
            *("member_net_sales", "points_earned", "points_redeemed", "redemption_cost", "benefit_cost", "earn_rate"),
            *("redemption_rate", "breakage_rate", "unit_cost", "points_outstanding", "liability", "expected_liability"),
        ),
        pl.Float64,
    ),
}
_TOLD = ("earn", "redeem", "benefit_use")
_FEWEST = 5


def programme_economics(facts: Facts, calendar: list[Period], today: date, withheld: pl.DataFrame) -> pl.DataFrame:
    """A row per period with points earned or redeemed or benefits used, in columns of the published table.

    Args:
        withheld: keys of the cells that the run hides.
    """
    events = facts.loyalty_events.drop_nulls("customer_key").filter(pl.col("event_type").is_in(_TOLD))
    lots, uses = redemptions(facts)
    hidden = {name: _hidden_of(name, facts, withheld) for name in ("points_redemption", "promo_dependence")}
    sales = _member_sales(facts)
    seen = {}
    for period in calendar:
        during = events.filter((pl.col("day") >= period.start) & (pl.col("day") < min(period.end, today)))
        if during.height:
            seen[period] = during
    few = {period for period, during in seen.items() if _is_small(during)}
    few |= {period for period in calendar if (period.kind, period.start) in hidden["points_redemption"]}
    few |= {
        period
        for period in calendar
        if (period.kind, period.start.replace(year=period.start.year + 1)) in hidden["points_redemption"]
    }
    few_sales = {period for period in calendar if (period.kind, period.start) in hidden["promo_dependence"]}
    rows = []
    for period, during in seen.items():
        status = "shown" if period.end <= today else "provisional"
        if _holds(period, few):
            rows.append((period.kind, period.start, "hidden", *(None,) * 13))
            continue
        end = min(period.end, today)
        sold = sum(amount for day, amount in sales.items() if period.start <= day < end) or None
        if _holds(period, few_sales):
            sold = None
        rows.append((period.kind, period.start, status, *_numbers(during, sold, lots, uses, end)))
    return pl.DataFrame(rows, schema=PROGRAMME_ECONOMICS, orient="row")


def _numbers(during: pl.DataFrame, sold: int | None, lots: list, uses: list, end: date) -> tuple:
    def added(kind: str, column: str) -> int:
        return int(during.filter(pl.col("event_type") == kind)[column].sum())

    year_ago, two_years_ago = end - timedelta(days=YEAR), end - timedelta(days=2 * YEAR)
    earned, redeemed = added("earn", "points"), added("redeem", "points")
    cost = added("redeem", "cost_amount")
    owed = sum(points for day, points in lots if year_ago <= day < end)
    owed -= sum(points for day, used, points in uses if year_ago <= day < end and used < end)
    ripe = sum(points for day, points in lots if two_years_ago <= day < year_ago)
    rate = sum(points for day, _, points in uses if two_years_ago <= day < year_ago) / ripe if ripe else None
    each = cost / redeemed if redeemed else None
    liability = None if each is None else owed / MONEY * each
    return (
        during["customer_key"].n_unique(),
        None if sold is None else sold / MONEY,
        *(amount / MONEY for amount in (earned, redeemed, cost, added("benefit_use", "cost_amount"))),
        earned / sold if sold else None,
        rate,
        None if rate is None else 1 - rate,
        each,
        owed / MONEY,
        None if liability is None else round(liability, 4),
        None if liability is None or rate is None else round(liability * rate, 4),
    )


def _is_small(during: pl.DataFrame) -> bool:
    of_kind = during.group_by("event_type").agg(pl.col("customer_key").n_unique())["customer_key"]
    return during["customer_key"].n_unique() < _FEWEST or any(count < _FEWEST for count in of_kind)


def _holds(period: Period, small: set[Period]) -> bool:
    """Whether the period is one of these, or one of them is a part of it."""
    return any(
        period.start <= part.start < period.end and (part.kind in ("month", period.kind) or period.kind == "year")
        for part in small
    )


def _hidden_of(kpi_id: str, facts: Facts, withheld: pl.DataFrame) -> set[tuple[str, date]]:
    whole = pl.col("slice_dimension") == "all"
    others = (pl.col("slice_dimension") == "loyalty_tier") & (pl.col("slice_value") == "none")
    found = withheld.filter(
        (pl.col("kpi_id") == kpi_id) & (pl.col("org_unit_id") == facts.tree.root) & (whole | others)
    )
    return set(found.select("period_kind", "period_start").iter_rows())


def _member_sales(facts: Facts) -> dict[date, int]:
    """Net sales of each day of customers who began it as members."""
    turns: dict[str, list[tuple[date, str]]] = {}
    steps = facts.loyalty_events.drop_nulls("customer_key").filter(pl.col("event_type").is_in(["enrol", "leave"]))
    for key, day, kind in (
        steps.sort("occurred_at", "source_system", "event_id").select("customer_key", "day", "event_type").iter_rows()
    ):
        turns.setdefault(key, []).append((day, kind))
    sales: dict[date, int] = {}
    for key, day, amount in facts.earnings.select("customer_key", "day", "net_sales").iter_rows():
        passed = bisect_left(turns.get(key, []), day, key=lambda turn: turn[0])
        if passed and turns[key][passed - 1][1] == "enrol":
            sales[day] = sales.get(day, 0) + amount
    return sales
