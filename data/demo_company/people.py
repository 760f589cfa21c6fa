"""Who the customers truly are, and in which systems each of them is recorded."""

from dataclasses import dataclass, field

import numpy as np

from demo_company import words
from demo_company.columns import DAY
from demo_company.company import (
    CALLCENTRE,
    CHANNELS,
    CRM,
    IN_APP,
    IN_MINIPROGRAM,
    IN_WEBSHOP,
    MINIPROGRAM,
    POS,
    STORE,
    STORES,
    SYSTEMS,
    WEBSHOP,
    Company,
)

# Which system records the customers of a channel (call-centre customers live in the CRM).
CHANNEL_RECORD = np.array([POS, IN_WEBSHOP, IN_APP, IN_MINIPROGRAM, CRM])
PHONE_SPACE = len(words.PHONE_PREFIXES) * 10**8


@dataclass
class Groups:
    """People who are part of a trap (positions of people; pairs are rows of two)."""

    households_phone: np.ndarray
    households_address: np.ndarray
    recycled: np.ndarray
    twins: np.ndarray
    promo_only: np.ndarray
    three_channels: np.ndarray


@dataclass
class People:
    """One entry per person in every array; records are (person, system) pairs sorted by system, then person.

    Attributes:
        surname, given, given2: codes into `words` (given2 −1: one character).
        sex: 0 or 1. born: day number. city: code. street, number, room: address.
        phone: number in the phone space; old_phone: the one before, −1 if none; phone_since: when the present one began.
        card, union, account: whether the person has one; each system knows it or not (see records.py).
        joined: UTC seconds of the first purchase, possibly before the data begin.
        channel, channel2: main and second channel. store: code of the usual store.
        attitude: latent, standard normal. member: in the loyalty programme.
        record_of: (people, systems) row of the person's record in that system, −1 without one.
        record_person, record_system: per record.
    """

    count: int
    surname: np.ndarray
    given: np.ndarray
    given2: np.ndarray
    sex: np.ndarray
    born: np.ndarray
    city: np.ndarray
    street: np.ndarray
    number: np.ndarray
    room: np.ndarray
    phone: np.ndarray
    old_phone: np.ndarray
    phone_since: np.ndarray
    joined: np.ndarray
    channel: np.ndarray
    channel2: np.ndarray
    store: np.ndarray
    attitude: np.ndarray
    member: np.ndarray
    groups: Groups
    record_of: np.ndarray = field(default_factory=lambda: np.empty(0))
    record_person: np.ndarray = field(default_factory=lambda: np.empty(0))
    record_system: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def anchor(self) -> np.ndarray:
        """Per person the record by which other systems (survey, loyalty, campaigns) know them: CRM first."""
        first = np.argmax(self.record_of >= 0, axis=1)
        return self.record_of[np.arange(self.count), first]


def _groups(count: int, rng: np.random.Generator) -> Groups:
    order = rng.permutation(count)
    at = 0

    def take(size: int) -> np.ndarray:
        nonlocal at
        at += size
        return order[at - size : at]

    return Groups(
        households_phone=take(2 * max(1, count * 3 // 200)).reshape(-1, 2),
        households_address=take(2 * max(1, count * 3 // 200)).reshape(-1, 2),
        recycled=take(2 * max(2, count // 200)).reshape(-1, 2),
        twins=take(2 * max(1, count // 2000)).reshape(-1, 2),
        promo_only=take(max(1, count // 25)),
        three_channels=take(max(1, count // 1000)),
    )


def build_people(company: Company, count: int, rng: np.random.Generator) -> People:
    """Draw the people and decide their records.

    Raises:
        ValueError: fewer than 20 customers, too few to hold every trap.
    """
    if count < 20:
        raise ValueError(f"customers must be 20 or more so that every trap fits in, not {count}")
    groups, calendar = _groups(count, rng), company.calendar
    weights = np.array(words.SURNAME_WEIGHTS, dtype=float)
    store_weights = np.array([store[4] for store in STORES])
    store = rng.choice(len(STORES), count, p=store_weights / store_weights.sum())
    elsewhere = rng.random(count) < 0.25
    joined = rng.integers(calendar.start - 540 * DAY, calendar.stop - DAY, count)
    channel = rng.choice(len(CHANNELS), count, p=[0.44, 0.16, 0.15, 0.16, 0.09])
    second = rng.choice(len(CHANNELS), count, p=[0.36, 0.2, 0.18, 0.18, 0.08])
    spread = _unique_numbers(2 * count)
    moved = rng.random(count) < 0.07
    people = People(
        count=count,
        surname=rng.choice(len(weights), count, p=weights / weights.sum()),
        given=rng.integers(0, len(words.GIVEN), count),
        given2=np.where(rng.random(count) < 0.75, rng.integers(0, len(words.GIVEN), count), -1),
        sex=rng.integers(0, 2, count),
        born=rng.integers(-7_300, 13_000, count),
        city=np.where(elsewhere, rng.integers(0, len(words.CITIES), count), np.array([s[3] for s in STORES])[store]),
        street=rng.integers(0, len(words.STREETS), count),
        number=rng.integers(1, 900, count),
        room=rng.integers(101, 2_400, count),
        phone=spread[:count],
        old_phone=np.where(moved, spread[count:], -1),
        phone_since=rng.integers(calendar.start, calendar.stop, count),
        joined=joined,
        channel=channel,
        channel2=np.where(rng.random(count) < 0.5, second, channel),
        store=store,
        attitude=rng.normal(0, 1, count),
        member=rng.random(count) < 0.55,
        groups=groups,
    )
    _plant(people, company, rng)
    _record(people, rng)
    return people


def _unique_numbers(count: int) -> np.ndarray:
    """Distinct phone numbers scattered over the phone space, none of them one of the clerks' placeholders."""
    step = 2_147_483_629  # prime and no divisor of the space, so the first PHONE_SPACE multiples are distinct
    numbers = (np.arange(1, count + count // 50 + 400, dtype=np.int64) * step) % PHONE_SPACE
    subscriber = numbers % 10**8
    return numbers[(subscriber % 11_111_111 != 0) & (subscriber != 138_000) & (subscriber > 999_999)][:count]


def _plant(people: People, company: Company, rng: np.random.Generator) -> None:
    groups, calendar = people.groups, company.calendar
    for pairs in (groups.households_phone, groups.households_address):
        first, second = pairs[:, 0], pairs[:, 1]
        for name in ("city", "street", "number", "room"):
            getattr(people, name)[second] = getattr(people, name)[first]
        same_name = rng.random(len(pairs)) < 0.5
        people.surname[second] = np.where(same_name, people.surname[first], people.surname[second])
        people.given[second] = (people.given[first] + 1 + rng.integers(0, 60, len(pairs))) % len(words.GIVEN)
        clash = np.array(words.GIVEN_PINYIN)[people.given[second]] == np.array(words.GIVEN_PINYIN)[people.given[first]]
        people.given[second] = (people.given[second] + clash) % len(words.GIVEN)
    shared = groups.households_phone
    people.phone[shared[:, 1]] = people.phone[shared[:, 0]]
    people.old_phone[shared.ravel()] = -1
    # The old owner gave the number up early; the new one got it months later.
    old, new = groups.recycled[:, 0], groups.recycled[:, 1]
    people.old_phone[old] = people.phone[new]
    people.phone_since[old] = calendar.moment(0.25)
    people.joined[old] = calendar.start - 200 * DAY
    people.old_phone[new] = -1
    people.phone_since[new] = calendar.moment(0.5)
    people.joined[new] = calendar.moment(0.5)
    people.channel[new] = people.channel2[new] = WEBSHOP
    for name in ("surname", "given", "given2", "born", "sex"):
        getattr(people, name)[groups.twins[:, 1]] = getattr(people, name)[groups.twins[:, 0]]
    # Their complaint starts in the mini-program, goes on by phone and ends in a store.
    people.channel[groups.three_channels] = MINIPROGRAM
    people.channel2[groups.three_channels] = STORE
    people.joined[groups.three_channels] = np.minimum(people.joined[groups.three_channels], calendar.moment(0.3))
    people.joined[groups.promo_only[:1]] = calendar.moment(0.4)


def _record(people: People, rng: np.random.Generator) -> None:
    """Decide the systems in which each person is recorded, and number the records."""
    has = np.zeros((people.count, len(SYSTEMS)), dtype=bool)
    everyone = np.arange(people.count)
    for channel in (people.channel, people.channel2):
        keeps = (channel != STORE) | people.member | (rng.random(people.count) < 0.5)
        has[everyone[keeps], CHANNEL_RECORD[channel[keeps]]] = True
    has[:, CRM] |= (rng.random(people.count) < 0.3) | ~has.any(axis=1)
    has[(people.channel == CALLCENTRE) | (people.channel2 == CALLCENTRE), CRM] = True
    groups = people.groups
    for pairs in (groups.households_phone, groups.recycled, groups.twins):
        has[pairs.ravel(), CRM] = True
    for system in (CRM, POS, IN_MINIPROGRAM):
        has[groups.three_channels, system] = True
    people.record_system, people.record_person = np.nonzero(has.T)
    people.record_of = np.full(has.shape, -1, dtype=np.int64)
    people.record_of[people.record_person, people.record_system] = np.arange(len(people.record_person))
