"""What campaigns and programme rules brought: the treated against those held out, each counted where chance put them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import polars as pl

from .campaigns import AFTER
from .facts import Facts

MONEY = 10**4
ARMS = ("treated", "holdout")


class Action(NamedTuple):
    """One action's effect in ten-thousandths of the currency; `parts` = variance²/(n − 1) summed over both arms."""

    action_id: str
    day: date
    leaf: str
    gain: int
    cost: int
    variance: float
    parts: float
    n: int


def arms(assigned: pl.DataFrame) -> pl.DataFrame:
    """(customer_key, is_weak, arm) of the profiles named, each in one arm; who is in both is in neither."""
    people = assigned.drop_nulls(["customer_key", "arm"])
    people = people.group_by("customer_key").agg(pl.col("arm").unique(), pl.col("is_weak").any())
    return people.filter(pl.col("arm").list.len() == 1).with_columns(pl.col("arm").list.first())


def in_both_arms(assigned: pl.DataFrame) -> int:
    """How many profiles are named in both."""
    return int(
        assigned.drop_nulls(["customer_key", "arm"])
        .group_by("customer_key")
        .agg(pl.col("arm").n_unique() > 1)["arm"]
        .sum()
    )


def _effect(z: dict[str, list[int]]) -> tuple[int, float, float]:
    """Gain (half away from nought), its variance and Σ part²/(n − 1), from every person's z in whole numbers."""
    treated, held_out = (z[arm] for arm in ARMS)
    n, m = len(treated), len(held_out)
    doubled = 2 * (sum(treated) * m - sum(held_out) * n)
    gain = (abs(doubled) + m) // (2 * m) * (1 if doubled >= 0 else -1)
    scatter = [
        (k * sum(v * v for v in values) - sum(values) ** 2) / (k * (k - 1))
        for k, values in ((n, treated), (m, held_out))
    ]
    parts = (n * scatter[0], n * n * scatter[1] / m)
    return gain, sum(parts), sum(part**2 / (k - 1) for part, k in zip(parts, (n, m), strict=True))


def _sold(facts: Facts, first: date, last: date) -> dict[str, int]:
    """Known margin of each profile's counting orders in [first, last)."""
    orders = facts.orders.drop_nulls("customer_key").filter((pl.col("day") >= first) & (pl.col("day") < last))
    return dict(orders.group_by("customer_key").agg(pl.col("margin").sum()).iter_rows())


class Trial(NamedTuple):
    """Who is in which arm of an action."""

    treated: set[str]
    held_out: set[str]
    in_both: int

    @property
    def smaller(self) -> int:
        """People in the smaller arm."""
        return min(len(self.treated), len(self.held_out))

    def costs_known(self, facts: Facts, first: date, last: date) -> bool:
        """Whether what either arm bought in [first, last) has a known cost, but for a twentieth."""
        orders = facts.orders.filter((pl.col("day") >= first) & (pl.col("day") < last))
        for arm in (self.treated, self.held_out):
            own = orders.filter(pl.col("customer_key").is_in(list(arm)))
            if 20 * own.filter(pl.col("margin").is_null())["net_sales"].sum() > own["net_sales"].sum():
                return False
        return True

    def gain(self, facts: Facts, first: date, last: date) -> tuple[int, float, float]:
        """What treating brought in [first, last), its variance and Σ part²/(n − 1)."""
        sold = _sold(facts, first, last)
        return _effect(
            {"treated": [sold.get(k, 0) for k in self.treated], "holdout": [sold.get(k, 0) for k in self.held_out]}
        )


def trial_of(action: dict, facts: Facts) -> Trial:
    """An action's arms."""
    assigned = facts.exposures.filter(pl.col("action_id") == action["action_id"])
    people = arms(assigned)
    who = [set(people.filter(pl.col("arm") == arm)["customer_key"]) for arm in ARMS]
    return Trial(who[0], who[1], in_both_arms(assigned))


def _effects(facts: Facts, today: date, kind: str, after: int, cost: Callable[[dict, set[str]], int]) -> list[Action]:
    found = []
    for action in facts.lasting(kind):
        if action["ends"] is None or action["ends"] + timedelta(days=after) >= today:
            continue
        trial = trial_of(action, facts)
        if trial.smaller < 2:
            continue
        closes = action["ends"] + timedelta(days=after)
        if not trial.costs_known(facts, action["starts"], closes):
            continue
        spent = (action["cost_amount"] or 0) + cost(action, trial.treated)
        gain, variance, parts = trial.gain(facts, action["starts"], closes)
        found.append(Action(action["action_id"], closes, action["owner"], gain, spent, variance, parts, trial.smaller))
    return found


def campaign_increment(facts: Facts, today: date) -> list[Action]:
    """Margin that campaigns brought until eight weeks after their end."""
    return _effects(facts, today, "campaign", AFTER, lambda action, treated: 0)


def programme_roi(facts: Facts, today: date) -> list[Action]:
    """Margin that programme rules brought while they held, against what the treated redeemed and used and the rule cost."""
    used = facts.loyalty_events.filter(pl.col("event_type").is_in(["redeem", "benefit_use"]))

    def benefits(action: dict, treated: set[str]) -> int:
        during = (pl.col("day") >= action["starts"]) & (pl.col("day") < action["ends"])
        return int(used.filter(during & pl.col("customer_key").is_in(list(treated)))["cost_amount"].sum())

    found = _effects(facts, today, "programme_rule", 0, benefits)
    return [action._replace(leaf=facts.tree.root) for action in found if action.cost]
