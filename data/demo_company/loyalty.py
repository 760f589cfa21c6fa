"""`loyalty_events`: the programme's own ledger as CSV, what members do in the app as JSON Lines."""

import numpy as np
import pyarrow as pa

from demo_company.clock import day_of
from demo_company.columns import DAY, Table, chosen, flags, money, numbered, only, times, whole
from demo_company.company import IN_APP, ORDER_SYSTEMS, SYSTEMS, Company
from demo_company.delivery import Landing, Style
from demo_company.orders import Orders, order_ids, redeems
from demo_company.people import People
from demo_company.records import Records

EVENT_TYPES = (
    "enrol", "leave", "earn", "redeem", "expire", "adjust", "tier_change", "badge", "benefit_use",
    "check_in", "share", "review", "content", "community", "referral", "challenge",
)  # fmt: skip
_TYPE = {name: code for code, name in enumerate(EVENT_TYPES)}
TIERS = ("silver", "gold", "platinum")
BADGES = ("exploration", "accumulation", "limited")
BENEFITS = 12
_APP_EVENTS = ("check_in", "share", "review", "content", "community", "referral", "challenge")


def _ledger(
    people: People, company: Company, orders: Orders, records: Records, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Events of the programme itself; `order` is a position, −1 for none."""
    calendar, bought = company.calendar, orders.bought
    members = np.nonzero(people.member)[0]
    enrolled = np.minimum(people.joined[members] + rng.integers(0, 20 * DAY, len(members)), calendar.stop - 60)
    left = members[rng.random(len(members)) < 0.02]
    tiers = members[rng.random(len(members)) < 0.12]
    users = members[rng.random(len(members)) < 0.2]
    badged = members[rng.random(len(members)) < 0.15]
    adjusted = members[rng.random(len(members)) < 0.01]
    everything = np.arange(len(orders))
    earning = np.nonzero(people.member[bought.person] & orders.counts & (orders.record >= 0) & (orders.done >= 0))[0]
    spending = np.nonzero(redeems(orders, people, everything))[0]
    joined_at = np.zeros(people.count, dtype=np.int64)
    joined_at[members] = enrolled
    parts = [
        (members, enrolled, "enrol", np.zeros(len(members)), None),
        (bought.person[earning], orders.done[earning] + 60, "earn", orders.net[earning] // 100, earning),
        (bought.person[spending], bought.at[spending], "redeem", orders.number[spending] % 50 * 10 + 100, spending),
    ]
    for who, kind in (
        (left, "leave"),
        (tiers, "tier_change"),
        (users, "benefit_use"),
        (badged, "badge"),
        (adjusted, "adjust"),
    ):
        since = np.maximum(joined_at[who] + 30 * DAY, calendar.start)
        at = since + (rng.random(len(who)) * np.maximum(calendar.stop - since, 1)).astype(np.int64)
        points = rng.integers(-50, 200, len(who)) if kind == "adjust" else np.zeros(len(who), dtype=np.int64)
        parts.append((who, at, kind, points, None))
    return _merge(parts, calendar.stop)


def _merge(parts: list, stop: int) -> dict[str, np.ndarray]:
    merged = {
        "person": np.concatenate([part[0] for part in parts]).astype(np.int64),
        "at": np.concatenate([part[1] for part in parts]),
        "kind": np.concatenate([np.full(len(part[0]), _TYPE[part[2]]) for part in parts]),
        "points": np.concatenate([part[3] for part in parts]).astype(np.int64),
        "order": np.concatenate([np.full(len(part[0]), -1) if part[4] is None else part[4] for part in parts]),
    }
    kept = merged["at"] < stop
    merged = {name: values[kept] for name, values in merged.items()}
    order = np.lexsort((merged["kind"], merged["person"], merged["at"]))
    return {name: values[order] for name, values in merged.items()}


def _in_app(people: People, company: Company, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """What app users do of their own accord or for a reward."""
    calendar = company.calendar
    users = np.nonzero(people.record_of[:, IN_APP] >= 0)[0]
    active = rng.gamma(0.7, 4.0 / 0.7 * calendar.months / 18, len(users)) * np.exp(0.3 * people.attitude[users])
    person = np.repeat(users, rng.poisson(active))
    since = np.maximum(people.joined[person], calendar.start)
    at = since + (rng.random(len(person)) * (calendar.stop - since)).astype(np.int64)
    kind = rng.choice(len(_APP_EVENTS), len(person), p=[0.55, 0.1, 0.1, 0.1, 0.06, 0.04, 0.05])
    order = np.lexsort((kind, person, at))
    kind = np.array([_TYPE[name] for name in _APP_EVENTS])[kind]
    return {
        "person": person[order],
        "at": at[order],
        "kind": kind[order],
        "points": np.full(len(order), 0),
        "order": np.full(len(order), -1),
    }


def _table(
    people: People,
    records: Records,
    orders: Orders,
    events: dict[str, np.ndarray],
    first: int,
    system: str,
    rng: np.random.Generator,
) -> Table:
    count, kind, order = len(events["at"]), events["kind"], events["order"]
    in_app = system == "app"
    record = people.record_of[events["person"], IN_APP] if in_app else people.anchor[events["person"]]
    foreign = people.record_system[record] != (IN_APP if in_app else -1)
    own_act = kind >= _TYPE["check_in"]
    badge, tier, benefit = kind == _TYPE["badge"], kind == _TYPE["tier_change"], kind == _TYPE["benefit_use"]
    spent = (kind == _TYPE["redeem"]) | benefit
    step = rng.integers(0, 2, count)
    number = np.arange(first, first + count)
    counted = np.isin(kind, [_TYPE["earn"], _TYPE["redeem"], _TYPE["adjust"]])
    return {
        "source_system": pa.repeat(pa.scalar(system), count),
        "event_id": numbered("L" if system == "loyalty" else "AE", number, 10),
        "customer_source_system": chosen(SYSTEMS, np.where(foreign, people.record_system[record], -1)),
        "source_customer_id": records.ids.take(pa.array(record)),
        "event_type": chosen(EVENT_TYPES, kind),
        "occurred_at": times(events["at"]),
        "points": whole(events["points"], counted),
        "cost_amount": money(np.where(benefit, 1_500, events["points"]), spent),
        "is_rewarded": flags(rng.random(count) < 0.6, own_act & (rng.random(count) < 0.95)),
        "incentive_type": chosen(
            ("competition", "honour", "benefit"),
            np.where(own_act & (rng.random(count) < 0.5), rng.integers(0, 3, count), -1),
        ),
        "badge_id": chosen([f"B{place:02d}" for place in range(6)], np.where(badge, number % 6, -1)),
        "badge_kind": chosen(BADGES, np.where(badge, number % 3, -1)),
        "tier_from": chosen(TIERS, np.where(tier, step, -1)),
        "tier_to": chosen(TIERS, np.where(tier, step + 1, -1)),
        "benefit_id": chosen(
            [f"BEN-{place:02d}" for place in range(BENEFITS)], np.where(benefit, number % BENEFITS, -1)
        ),
        "order_source_system": chosen(
            ORDER_SYSTEMS, np.where(order >= 0, orders.bought.channel[np.maximum(order, 0)], -1)
        ),
        "order_id": only(order_ids(orders, np.maximum(order, 0)), order >= 0),
        "ref_event_id": pa.nulls(count, pa.string()),
        "expires_at": times(events["at"] + 365 * DAY, kind == _TYPE["earn"]),
    }


def deliver_loyalty(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    large: bool,
    rng: np.random.Generator,
) -> None:
    """Monthly files of both systems; what happened before the covered months is one file of its own."""
    calendar = company.calendar
    for system, events in (
        ("loyalty", _ledger(people, company, orders, records, rng)),
        ("app", _in_app(people, company, rng)),
    ):
        edges = np.searchsorted(events["at"], calendar.edges)
        edges = np.concatenate([[0], edges])
        for place in range(-1, calendar.months):
            start, stop = edges[place + 1], edges[place + 2]
            part = {name: values[start:stop] for name, values in events.items()}
            if start == stop:
                continue
            table = _table(people, records, orders, part, int(start) + 1, system, rng)
            day = (calendar.last_day(place) if place >= 0 else day_of(calendar.start // DAY)).isoformat()
            last = place == calendar.months - 1
            form = (
                "csv"
                if last and system == "loyalty"
                else "parquet"
                if large
                else "csv"
                if system == "loyalty"
                else "jsonl"
            )
            style = Style(
                form, times="offset" if system == "loyalty" else "utc", compressed=form != "parquet" and place % 2 == 0
            )
            bad = [
                {"event_id": "L9999999901", "occurred_at": "2099-06-30T12:00:00+08:00", "reason": "future"},
                {"event_id": "L9999999902", "points": "1.38E+10x", "reason": "bad_number"},
            ]
            landing.deliver(
                "loyalty_events", f"{system}_events_{day}", table, style, bad if last and system == "loyalty" else ()
            )
