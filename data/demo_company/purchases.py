"""The purchase process: every person buys at an own rate until dropping out for good (BG/NBD, with known effects on top)."""

from dataclasses import dataclass

import numpy as np

from demo_company import words
from demo_company.clock import OFFSET, midnight
from demo_company.columns import DAY
from demo_company.company import (
    CALLCENTRE,
    CHANNELS,
    CLOSED,
    ECM_UNITS,
    STORE,
    STORES,
    UNIT_CODE,
    Action,
    Company,
)
from demo_company.people import People

# Purchases a day ~ Gamma(shape, mean/shape); after each one the person leaves with a chance ~ Beta(a, b).
RATE_SHAPE, RATE_MEAN, LEAVE_A, LEAVE_B = 1.1, 1 / 62, 0.8, 7.5
PULL_DAYS = 42


@dataclass
class Purchases:
    """One entry per order, sorted by time, then person.

    Attributes:
        person: position in People. at: UTC seconds. channel: code. unit: code of the responsible unit.
        campaign: position in Company.campaigns, −1 for none. coupon: whether a coupon was used.
        arms: action or pilot id → (people, treated) as assigned.
    """

    person: np.ndarray
    at: np.ndarray
    channel: np.ndarray
    unit: np.ndarray
    campaign: np.ndarray
    coupon: np.ndarray
    arms: dict[str, tuple[np.ndarray, np.ndarray]]


def buying_times(people: People, company: Company, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """(person, day number in company time) of every purchase in the covered months, sorted by person and day."""
    calendar = company.calendar
    rate = rng.gamma(RATE_SHAPE, RATE_MEAN / RATE_SHAPE, people.count)
    leave = rng.beta(LEAVE_A, LEAVE_B, people.count) * np.exp(-0.25 * people.attitude)
    span = (calendar.stop - people.joined) / DAY
    further = np.minimum(rng.poisson(rate * span), 500)
    last = rng.geometric(np.clip(leave, 0.001, 0.95))
    person = np.repeat(np.arange(people.count), further + 1)
    share = rng.random(len(person))
    first = np.cumsum(further + 1) - (further + 1)
    share[first] = 0.0
    # Sorting by person + share sorts within persons only; 40 bits of share leave 23 for a person, 8 million of them.
    key = (person.astype(np.int64) << 40) + (share * (1 << 40)).astype(np.int64)
    key.sort()
    share = (key & ((1 << 40) - 1)) / (1 << 40)
    rank = np.arange(len(person)) - np.repeat(first, further + 1)
    at = people.joined[person] + (share * np.repeat(calendar.stop - people.joined, further + 1)).astype(np.int64)
    kept = (rank < last[person]) & (at >= calendar.start)
    return person[kept].astype(np.int32), (at[kept] + OFFSET) // DAY


def _arms(people: People, company: Company, rng: np.random.Generator) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    regions = np.array([words.REGIONS.index(entry[1]) for entry in words.CITIES])[people.city]
    everyone, arms = np.arange(people.count), {}
    for action in company.campaigns:
        if action.has_holdout:
            base = everyone[people.joined < action.starts]
            arms[action.action_id] = _split(base, 0.3, 0.7, rng)
    for pilot in company.pilots:
        inside = (
            regions == words.REGIONS.index(pilot[6])
            if pilot[5] == "region"
            else people.channel == CHANNELS.index(pilot[6])
        )
        arms[pilot[0]] = _split(everyone[inside & (people.joined < pilot[7])], 1.0, pilot[9], rng)
    [of_rules] = rng.spawn(1)  # a stream of its own: what changes no purchase changes no later draw
    for action in company.actions:
        if action.has_holdout and action.action_id not in arms:
            arms[action.action_id] = _split(everyone[people.joined < action.starts], 1.0, 0.5, of_rules)
    return arms


def _split(base: np.ndarray, share: float, treated: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    people = base[rng.random(len(base)) < share]
    if len(people) < 2:
        people = base[:2]
    arm = rng.random(len(people)) < treated
    if len(people) > 1:
        arm[:2] = True, False
    return people, arm


def _treated(arms: tuple[np.ndarray, np.ndarray], count: int) -> np.ndarray:
    mask = np.zeros(count, dtype=bool)
    mask[arms[0][arms[1]]] = True
    return mask


def _day(seconds: int) -> int:
    return (seconds + OFFSET) // DAY


def _pull_forward(action: Action, treated: np.ndarray, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move a share of the treated people's orders of the following weeks into the campaign: nothing is gained."""
    after = (
        treated
        & (day >= _day(action.ends))
        & (day < _day(action.ends) + PULL_DAYS)
        & (rng.random(len(day)) < action.size)
    )
    return np.where(after, rng.integers(_day(action.starts), _day(action.ends), len(day)), day)


def _more(
    treated: np.ndarray, starts: int, ends: int, size: float, day: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Positions of treated orders in the window that are made twice: a true lift by `size`."""
    return np.nonzero(treated & (day >= _day(starts)) & (day < _day(ends)) & (rng.random(len(day)) < size))[0]


def build_purchases(people: People, company: Company, rng: np.random.Generator) -> Purchases:
    """Draw all orders, with the true effects of campaigns and pilots in them."""
    calendar = company.calendar
    person, day = buying_times(people, company, rng)
    arms = _arms(people, company, rng)
    extra_person, extra_day = [person], [day]
    for action in company.campaigns:
        if action.kind == "pulled_forward":
            day = _pull_forward(action, _treated(arms[action.action_id], people.count)[person], day, rng)
            extra_day[0] = day
    for name, starts, ends, size in [
        (a.action_id, a.starts, a.ends, a.size) for a in company.campaigns if a.kind == "lift"
    ] + [(pilot[0], pilot[7], pilot[8], pilot[11]) for pilot in company.pilots]:
        again = _more(_treated(arms[name], people.count)[person], starts, ends, size, day, rng)
        extra_person.append(person[again])
        extra_day.append(rng.integers(_day(starts), max(_day(ends), _day(starts) + 1), len(again)))
    # Who complains in three channels has bought something to complain about.
    planted = people.groups.three_channels
    extra_person.append(planted.astype(np.int32))
    extra_day.append(np.full(len(planted), _day(calendar.moment(0.35))))
    person, day = np.concatenate(extra_person), np.concatenate(extra_day)
    hour = 9.5 + 12.5 * rng.beta(2.2, 1.8, len(day))
    at = day * DAY - OFFSET + (hour * 3600).astype(np.int64) + rng.integers(0, 60, len(day))
    at = np.clip(at, calendar.start, calendar.stop - 1)
    order = np.lexsort((person, at))
    person, at = person[order], at[order]
    usual = rng.random(len(at)) < 0.75
    channel = np.where(usual, people.channel[person], people.channel2[person]).astype(np.int8)
    campaign, coupon = _promotion(people, company, person, at, arms, rng)
    return Purchases(person, at, channel, _units(people, company, person, at, channel, rng), campaign, coupon, arms)


def _units(
    people: People, company: Company, person: np.ndarray, at: np.ndarray, channel: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Code of the unit that is truly responsible for each order."""
    weights = np.array([store[4] for store in STORES])
    visited = rng.choice(len(STORES), len(at), p=weights / weights.sum())
    store = np.where(rng.random(len(at)) < 0.88, people.store[person], visited)
    # Both the closed store's customers and its walk-ins go elsewhere; nobody plans to visit the kiosk at the airport.
    store = np.where((store == CLOSED) & (at >= midnight(company.closed_on)), 7, store)
    online = np.array([0, *(UNIT_CODE[unit] for unit in ECM_UNITS), UNIT_CODE["CS-A"]])[channel]
    online = np.where((channel == CALLCENTRE) & (rng.random(len(at)) < 0.5), UNIT_CODE["CS-B"], online)
    return np.where(channel == STORE, store, online).astype(np.int16)


def _promotion(
    people: People,
    company: Company,
    person: np.ndarray,
    at: np.ndarray,
    arms: dict[str, tuple[np.ndarray, np.ndarray]],
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Which campaign an order belongs to, and whether a coupon was used; promo-only people never buy without."""
    campaign = np.full(len(at), -1, dtype=np.int8)
    for place, action in enumerate(company.campaigns):
        inside = (at >= action.starts) & (at < action.ends)
        if action.action_id in arms:
            inside &= _treated(arms[action.action_id], people.count)[person]
        campaign[inside & (rng.random(len(at)) < 0.6)] = place
    promo_only = np.zeros(people.count, dtype=bool)
    promo_only[people.groups.promo_only] = True
    coupon = rng.random(len(at)) < 0.09
    return campaign, coupon | (promo_only[person] & (campaign < 0))
