"""What campaigns and programme rules did, action by action: increments against those held out, and sales around them."""

from datetime import date, timedelta
from math import sqrt

import polars as pl
from scipy.stats import t

from .campaigns import AFTER, ENOUGH_BUYERS, ENOUGH_DAYS, sales_around, trade
from .catalogue import EFFECTS, MONEY
from .effects import trial_of
from .facts import Facts

_SPANS = ("during", "after", "whole")
CAMPAIGN_EFFECTS = {
    "action_id": pl.String,
    "status": pl.String,
    **dict.fromkeys(("treated", "held_out", "in_both_arms"), pl.Int64),
    **{f"increment_{span}{bound}": pl.Float64 for span in _SPANS for bound in ("", "_low", "_high")},
    "verdict": pl.String,
    **dict.fromkeys(("days_before", "days_after"), pl.Int64),
    **dict.fromkeys(("before_per_day", "during_per_day", "after_per_day", "spike", "base_lift"), pl.Float64),
}


def campaign_effects(facts: Facts, today: date) -> pl.DataFrame:
    """A row per campaign and programme rule that has ended, in columns of the published table."""
    orders = trade(facts)
    rows = []
    for kind in ("campaign", "programme_rule"):
        for action in facts.lasting(kind):
            if action["ends"] is not None and action["ends"] <= today:
                sales = _sales(action, facts, orders, today) if kind == "campaign" else (None,) * 7
                rows.append((action["action_id"], *_increments(action, facts, today), *sales))
    return pl.DataFrame(rows, schema=CAMPAIGN_EFFECTS, orient="row").sort("action_id")


def _increments(action: dict, facts: Facts, today: date) -> tuple:
    trial = trial_of(action, facts)
    begins, ends, closes = action["starts"], action["ends"], action["ends"] + timedelta(days=AFTER)
    if trial.smaller < 2:
        return ("no_holdout", *(None,) * 13)
    if trial.smaller < EFFECTS["campaign_increment"].shown_floor:
        return ("hidden", *(None,) * 13)
    found: list[float | None] = []
    for first, last in ((begins, ends), (ends, closes), (begins, closes)):
        if last >= today or not trial.costs_known(facts, first, last):
            found += [None] * 3
            continue
        gain, variance, parts = trial.gain(facts, first, last)
        half = float(t.ppf(0.975, variance**2 / parts)) * sqrt(variance) if parts else None
        bounds = (None, None) if half is None else (round((gain - half) / MONEY, 4), round((gain + half) / MONEY, 4))
        found += [gain / MONEY, *bounds]
    low, high = found[-2:]
    verdict = None if low is None or high is None else "better" if low > 0 else "worse" if high < 0 else "uncertain"
    status = "shown" if closes < today else "provisional"
    if not trial.costs_known(facts, begins, closes):
        status = "costs_unknown"
    return (status, len(trial.treated), len(trial.held_out), trial.in_both, *found, verdict)


def _sales(action: dict, facts: Facts, orders: pl.DataFrame, today: date) -> tuple:
    around = sales_around(action, facts, orders)
    before, during, after = (
        around.per_day(phase) if around.buyers[phase] >= ENOUGH_BUYERS else None for phase in range(3)
    )
    if action["ends"] + timedelta(days=AFTER) >= today:
        after = None
    enough = around.days[0] >= ENOUGH_DAYS and before
    spike = _tenths(during, before) if enough and before and during is not None else None
    lift = None
    if enough and before and after is not None and around.days[2] >= ENOUGH_DAYS:
        lift = _tenths(after, before)
    money = [None if amount is None else _three_digits(amount) / MONEY for amount in (before, during, after)]
    return (around.days[0], around.days[2], *money, spike, lift)


def _tenths(now: int, before: int) -> float:
    """By how many per cent more, to one decimal."""
    return round(100 * (now / before - 1), 1)


def _three_digits(amount: int) -> int:
    """An amount of ten-thousandths in its first three digits, half up."""
    place = 10 ** max(0, len(str(abs(amount))) - 3)
    return (2 * amount + place) // (2 * place) * place
