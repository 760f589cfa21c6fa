"""What pilots achieved: the arms' own values of one KPI, side by side, and what they bought and complained about."""

from datetime import date
from math import exp, log, sqrt

import polars as pl
from scipy.stats import t

from .catalogue import CATALOGUE, Kpi
from .effects import ARMS, arms, in_both_arms
from .facts import Facts
from .intervals import Sums, Z, newcombe, wilson
from .journeys import inbound

SUSPICIOUS = 10.828
PILOT_EFFECTS = {
    "pilot_id": pl.String,
    "arm": pl.String,
    "customers": pl.Int64,
    "in_both_arms": pl.Int64,
    "n": pl.Int64,
    "value": pl.Float64,
    "difference": pl.Float64,
    "difference_low": pl.Float64,
    "difference_high": pl.Float64,
    "sample_ratio": pl.String,
    "chi_square": pl.Float64,
    "participation": pl.Float64,
    "orders_per_customer": pl.Float64,
    "orders_lift": pl.Float64,
    "orders_lift_low": pl.Float64,
    "orders_lift_high": pl.Float64,
    "complaints_per_1000": pl.Float64,
    "contacts_per_1000": pl.Float64,
}


def pilot_effects(facts: Facts, rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """A row per pilot that began with somebody, and arm; without numbers where an arm is below the KPI's floor."""
    found: list[tuple] = []
    for pilot in facts.pilots.join(facts.assignments, on="pilot_id", how="semi").to_dicts():
        assigned = facts.assignments.filter(pl.col("pilot_id") == pilot["pilot_id"])
        people, until = arms(assigned), pilot["ends"] or date.max
        who = {arm: people.filter(pl.col("arm") == arm)["customer_key"].to_list() for arm in ARMS}
        sums = {arm: _sums(rows.get(pilot["primary_kpi_id"]), pilot, keys, until) for arm, keys in who.items()}
        kpi = CATALOGUE.get(pilot["primary_kpi_id"])
        ratio = _sample_ratio(len(who["treated"]), len(who["holdout"]), pilot["planned_share"])
        bought = {arm: _orders(facts, keys, pilot["starts"], until) for arm, keys in who.items()}
        both = in_both_arms(assigned)
        floor = kpi.shown_floor if kpi else 0
        others = _others(
            rows.get(pilot["primary_kpi_id"]), pilot, [key for keys in who.values() for key in keys], until
        )
        if any(own is None or own.n < floor for own in sums.values()) or 0 < others < floor:
            found += [(pilot["pilot_id"], arm, *(None,) * 7, ratio[0], *(None,) * 8) for arm in ARMS]
            continue
        for arm, keys in who.items():
            own, count = sums[arm], len(keys)
            value = None if kpi is None or own is None else _scaled(kpi, own.y / own.x)
            orders = bought[arm]
            found.append(
                (
                    *(pilot["pilot_id"], arm, count, both, own.n if own else None, value),
                    *_difference(kpi, sums["treated"], sums["holdout"]),
                    *ratio,
                    *((sum(k > 0 for k in orders) / count, sum(orders) / count) if count else (None, None)),
                    *_lift(bought["treated"], bought["holdout"]),
                    *(
                        1_000 * _events(frame, keys, pilot["starts"], until) / count if count else None
                        for frame in (facts.cases.filter(pl.col("kind") == "complaint"), inbound(facts))
                    ),
                )
            )
    return pl.DataFrame(found, schema=PILOT_EFFECTS, orient="row").sort("pilot_id", "arm")


def _within(start: date, until: date, column: str = "day") -> pl.Expr:
    return (pl.col(column) >= start) & (pl.col(column) < until)


def _sums(rows: pl.DataFrame | None, pilot: dict, keys: list[str], until: date) -> Sums | None:
    """The arm's cell: each profile's rows with their path day in the pilot, together or – of states – the latest."""
    if rows is None:
        return None
    own = rows.filter(pl.col("sampling_unit").is_in([f"profile|{key}" for key in keys]))
    own = own.filter(_within(pilot["starts"], until, "path_day"))
    if CATALOGUE[pilot["primary_kpi_id"]].state:
        own = own.sort("day").unique("sampling_unit", keep="last")
    elif "order" in own.columns:
        own = own.sort("order").unique("sampling_unit", keep="last", maintain_order=True)
    units = own.group_by("sampling_unit").agg(pl.col("x", "y").sum().cast(pl.Int128))
    x, y = units["x"].to_list(), units["y"].to_list()
    if not sum(x):
        return None
    pairs = list(zip(x, y, strict=True))
    return Sums(len(x), sum(x), sum(y), sum(a * a for a in x), sum(a * b for a, b in pairs), sum(b * b for b in y))


def _others(rows: pl.DataFrame | None, pilot: dict, keys: list[str], until: date) -> int:
    """How many the KPI counted meanwhile who were in no arm."""
    if rows is None:
        return 0
    meanwhile = rows.filter(_within(pilot["starts"], until, "path_day"))
    return meanwhile.filter(~pl.col("sampling_unit").is_in([f"profile|{key}" for key in keys]))[
        "sampling_unit"
    ].n_unique()


def _scaled(kpi: Kpi, rate: float) -> float:
    return kpi.scale * (rate * kpi.x_parts / kpi.y_parts + kpi.offset)


def _difference(kpi: Kpi | None, treated: Sums | None, held_out: Sums | None) -> tuple[float | None, ...]:
    if kpi is None or treated is None or held_out is None:
        return (None,) * 3
    p, q = treated.y / treated.x, held_out.y / held_out.x
    unit = kpi.scale * kpi.x_parts / kpi.y_parts
    if min(treated.n, held_out.n) < 2:
        return unit * (p - q), None, None
    if kpi.interval is wilson and treated.xx == treated.x and held_out.xx == held_out.x:
        low, high = newcombe(p, treated.x, q, held_out.x)
        return unit * (p - q), unit * low, unit * high
    parts = [arm.variance for arm in (treated, held_out)]
    below = sum(part**2 / (arm.n - 1) for part, arm in zip(parts, (treated, held_out), strict=True))
    if not below:
        return unit * (p - q), None, None
    half = float(t.ppf(0.975, sum(parts) ** 2 / below)) * sqrt(sum(parts))
    return unit * (p - q), unit * (p - q - half), unit * (p - q + half)


def _sample_ratio(treated: int, held_out: int, planned: int | None) -> tuple[str | None, float | None]:
    total = treated + held_out
    if planned is None or not total or not 0 < planned < 1_000:
        return None, None
    share = planned / 1_000
    chi = sum((seen - total * part) ** 2 / (total * part) for seen, part in ((treated, share), (held_out, 1 - share)))
    return ("suspicious" if chi > SUSPICIOUS else "as_planned"), chi


def _orders(facts: Facts, keys: list[str], start: date, until: date) -> list[int]:
    """Counting orders of each profile of an arm."""
    counts = dict(facts.orders.filter(_within(start, until)).group_by("customer_key").len().iter_rows())
    return [counts.get(key, 0) for key in keys]


def _lift(treated: list[int], held_out: list[int]) -> tuple[float | None, ...]:
    """The ratio of orders per customer, less 1, with its interval on the logarithm."""
    if not sum(treated) or not sum(held_out) or min(len(treated), len(held_out)) < 2:
        return (None,) * 3
    means = [sum(arm) / len(arm) for arm in (treated, held_out)]
    relative = 0.0
    for arm, mean in zip((treated, held_out), means, strict=True):
        relative += sum((k - mean) ** 2 for k in arm) / (len(arm) - 1) / len(arm) / mean**2
    if not relative:
        return means[0] / means[1] - 1, None, None
    centre, half = log(means[0] / means[1]), Z * sqrt(relative)
    return exp(centre) - 1, exp(centre - half) - 1, exp(centre + half) - 1


def _events(frame: pl.DataFrame, keys: list[str], start: date, until: date) -> int:
    return frame.filter(_within(start, until) & pl.col("customer_key").is_in(keys)).height
