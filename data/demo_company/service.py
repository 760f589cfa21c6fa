"""`cases` and `contacts`: complaints, requests and the conversations about them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.columns import DAY, Table, chosen, flags, money, numbered, times, whole
from demo_company.company import CS_UNITS, STORE, SYSTEMS, UNIT_CODE, UNITS, Company
from demo_company.delivery import Landing, Style
from demo_company.orders import CANCELLED, RETURNED, Orders, employee_rows, order_ids
from demo_company.people import CRM, POS, People
from demo_company.quality import quality
from demo_company.records import Records

SERVICE_SYSTEMS = ("callcentre", "app", "pos", "miniprogram")
SERVICE_CHANNELS = ("callcentre", "app", "store", "miniprogram")
BY_PHONE, BY_CHAT, IN_STORE, IN_MINI = range(4)
KINDS = ("complaint", "request", "return", "suggestion")
COMPLAINT = 0


@dataclass
class Cases:
    """One entry per case, sorted by opening time.

    Attributes:
        order: position of the order it is about. names_order: whether the row says so.
        system: code in SERVICE_SYSTEMS. kind: code in KINDS. category: code.
        issue: number of the issue, −1 without one. opened, answered, resolved: UTC seconds.
        unit, employee: who is responsible. number: running number within the system.
        record: row of the record it names, −1 for none.
    """

    order: np.ndarray
    names_order: np.ndarray
    system: np.ndarray
    kind: np.ndarray
    category: np.ndarray
    issue: np.ndarray
    opened: np.ndarray
    answered: np.ndarray
    resolved: np.ndarray
    unit: np.ndarray
    employee: np.ndarray
    number: np.ndarray
    record: np.ndarray

    def __len__(self) -> int:
        return len(self.order)


@dataclass
class Contacts:
    """One entry per contact, sorted by start; `case` is a position in Cases, −1 for none."""

    order: np.ndarray
    system: np.ndarray
    at: np.ndarray
    issue: np.ndarray
    case: np.ndarray
    handled_by: np.ndarray
    transferred: np.ndarray
    unit: np.ndarray
    employee: np.ndarray
    purpose: np.ndarray
    record: np.ndarray
    number: np.ndarray

    def __len__(self) -> int:
        return len(self.order)


def _service_unit(
    system: np.ndarray, order_unit: np.ndarray, order_channel: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    centre = np.where(rng.random(len(system)) < 0.5, UNIT_CODE[CS_UNITS[0]], UNIT_CODE[CS_UNITS[1]])
    store = np.where(order_channel == STORE, order_unit, UNIT_CODE["STO"])
    return np.where(system == IN_STORE, store, centre)


def _known_record(people: People, orders: Orders, order: np.ndarray, system: np.ndarray) -> np.ndarray:
    """The record under which a service system knows the person: its own, else the CRM's, else the order's."""
    person = orders.bought.person[order]
    own = people.record_of[person, np.array([CRM, 3, POS, 4])[system]]
    own = np.where(own >= 0, own, people.record_of[person, CRM])
    # Who ordered without a name and isn't in the service system's book stays anonymous.
    return np.where((own >= 0) & (orders.record[order] >= 0), own, orders.record[order])


def build_cases(people: People, company: Company, orders: Orders, rng: np.random.Generator) -> Cases:
    """Draw complaints and other cases from orders; plant complaints that cross three channels."""
    bought, calendar = orders.bought, company.calendar
    poor = np.isin(orders.status, (CANCELLED, RETURNED))
    risk = 0.012 * np.exp(-1.6 * quality(company, bought.unit, bought.at) - 0.35 * people.attitude[bought.person])
    complained = rng.random(len(orders)) < risk * np.where(poor, 2.5, 1.0)
    asked = ~complained & (rng.random(len(orders)) < 0.035)
    order = np.nonzero(complained | asked)[0]
    kind = np.where(complained[order], COMPLAINT, rng.choice([1, 2, 3], len(order), p=[0.6, 0.25, 0.15]))
    opened = bought.at[order] + rng.integers(3600, 9 * DAY, len(order))
    system = rng.choice(3, len(order), p=[0.55, 0.25, 0.2])
    issue = np.where(rng.random(len(order)) < 0.7, np.arange(len(order)), -1)
    category = rng.integers(0, len(words.COMPLAINT_CATEGORIES), len(order))
    # Some complain again within days, and nobody links the two.
    again = np.nonzero((kind == COMPLAINT) & (issue < 0) & (rng.random(len(order)) < 0.2))[0]
    crossing = _first_orders(orders, people.groups.three_channels)
    shape = (len(crossing), 3)
    order = np.concatenate([order, order[again], np.repeat(crossing, 3)])
    kind = np.concatenate([kind, kind[again], np.zeros(crossing.size * 3, dtype=int)])
    steps = np.tile([DAY, 2 * DAY, 4 * DAY], len(crossing)) + rng.integers(0, DAY // 2, crossing.size * 3)
    opened = np.concatenate(
        [opened, opened[again] + rng.integers(DAY, 5 * DAY, len(again)), bought.at[np.repeat(crossing, 3)] + steps]
    )
    system = np.concatenate([system, (system[again] + 1) % 3, np.tile([IN_MINI, BY_PHONE, IN_STORE], len(crossing))])
    new_issue = 1 + issue.max(initial=0) + np.arange(len(crossing))
    issue = np.concatenate([issue, issue[again], np.broadcast_to(new_issue[:, None], shape).ravel()])
    category = np.concatenate(
        [category, category[again], np.repeat(rng.integers(0, len(words.COMPLAINT_CATEGORIES), len(crossing)), 3)]
    )
    crosses = np.arange(len(order)) >= len(order) - crossing.size * 3
    kept = opened < calendar.stop
    order, kind, opened, system, issue, category, crosses = (
        values[kept] for values in (order, kind, opened, system, issue, category, crosses)
    )
    sorting = np.lexsort((order, opened))
    order, kind, opened, system, issue, category, crosses = (
        values[sorting] for values in (order, kind, opened, system, issue, category, crosses)
    )
    unit = _service_unit(system, bought.unit[order], bought.channel[order], rng)
    slowness = np.exp(-1.3 * quality(company, unit, opened))
    answered = opened + (rng.lognormal(1.7, 0.8, len(order)) * slowness * 3600).astype(np.int64)
    resolved = answered + (rng.lognormal(0.3, 0.8, len(order)) * slowness * DAY).astype(np.int64)
    resolved = np.where(rng.random(len(order)) < 0.04, calendar.stop, resolved)
    return Cases(
        order=order,
        names_order=crosses | (rng.random(len(order)) < 0.85),
        system=system,
        kind=kind,
        category=category,
        issue=issue,
        opened=opened,
        answered=answered,
        resolved=resolved,
        unit=unit,
        employee=np.where(rng.random(len(order)) < 0.8, employee_rows(company, unit, opened, rng), -1),
        number=_numbers(system),
        record=_known_record(people, orders, order, system),
    )


def _first_orders(orders: Orders, people: np.ndarray) -> np.ndarray:
    """Position of each person's first completed order."""
    index = np.nonzero(np.isin(orders.bought.person, people) & orders.counts)[0]
    _, first = np.unique(orders.bought.person[index], return_index=True)
    return index[first]


def _numbers(system: np.ndarray) -> np.ndarray:
    number = np.empty(len(system), dtype=np.int64)
    for code in range(len(SERVICE_SYSTEMS)):
        here = system == code
        number[here] = np.arange(1, here.sum() + 1)
    return number


def build_contacts(
    people: People, company: Company, orders: Orders, cases: Cases, rng: np.random.Generator
) -> Contacts:
    """Draw contacts about orders and about every case; a bot that hands over is two rows of one issue."""
    bought, calendar = orders.bought, company.calendar
    about = np.nonzero(rng.random(len(orders)) < 0.15)[0]
    case = np.concatenate([np.full(len(about), -1), np.arange(len(cases))])
    order = np.concatenate([about, cases.order])
    at = np.concatenate(
        [
            bought.at[about] + rng.integers(-2 * DAY, 7 * DAY, len(about)),
            cases.opened - rng.integers(60, 1200, len(cases)),
        ]
    )
    system = np.concatenate([rng.choice(3, len(about), p=[0.45, 0.4, 0.15]), cases.system])
    base = int(cases.issue.max(initial=0)) + 1
    issue = np.concatenate([np.where(rng.random(len(about)) < 0.6, base + np.arange(len(about)), -1), cases.issue])
    purpose = np.concatenate(
        [rng.integers(0, len(words.PURPOSES), len(about)), np.full(len(cases), words.PURPOSES.index("complaint"))]
    )
    purpose[len(about) :] = np.where(cases.kind == COMPLAINT, purpose[len(about) :], words.PURPOSES.index("account"))
    bot = np.isin(system, (BY_CHAT, IN_MINI)) & (rng.random(len(order)) < 0.7)
    handover = np.nonzero(bot & ((rng.random(len(order)) < 0.35) | (case >= 0)))[0]
    issue[handover] = np.where(issue[handover] < 0, base + len(about) + handover, issue[handover])
    handled = np.where(bot, 1, np.where((system == BY_CHAT) & (rng.random(len(order)) < 0.1), 0, 2))
    transferred = np.zeros(len(order), dtype=bool)
    transferred[handover] = True
    order, case, system, issue, purpose = (
        np.concatenate([values, values[handover]]) for values in (order, case, system, issue, purpose)
    )
    at = np.concatenate([at, at[handover] + rng.integers(60, 900, len(handover))])
    handled = np.concatenate([handled, np.full(len(handover), 2)])
    transferred = np.concatenate([transferred, np.zeros(len(handover), dtype=bool)])
    at = np.clip(at, calendar.start, None)
    kept = np.nonzero(at < calendar.stop)[0]
    kept = kept[np.lexsort((order[kept], at[kept]))]
    order, case, system, issue, purpose, at, handled, transferred = (
        values[kept] for values in (order, case, system, issue, purpose, at, handled, transferred)
    )
    unit = _service_unit(system, bought.unit[order], bought.channel[order], rng)
    by_person = handled == 2
    return Contacts(
        order=order,
        system=system,
        at=at,
        issue=issue,
        case=case,
        handled_by=handled,
        transferred=transferred,
        unit=np.where(by_person, unit, -1),
        employee=np.where(by_person, employee_rows(company, unit, at, rng), -1),
        purpose=purpose,
        record=_known_record(people, orders, order, system),
        number=_numbers(system),
    )


def customer_reference(people: People, records: Records, record: np.ndarray, system: np.ndarray) -> Table:
    """`customer_source_system` (empty when it is the row's own) and `source_customer_id`."""
    own = np.array([-2, 3, POS, 4])[system]
    of_record = people.record_system[np.maximum(record, 0)]
    return {
        "customer_source_system": chosen(SYSTEMS, np.where((record >= 0) & (of_record != own), of_record, -1)),
        "source_customer_id": records.ids.take(pa.array(record, mask=record < 0)),
    }


def case_ids(cases: Cases, index: np.ndarray) -> pa.Array:
    """case_id of the chosen cases; null where the index is negative."""
    return numbered("C", cases.number[np.maximum(index, 0)], 8, index >= 0)


def case_systems(cases: Cases, index: np.ndarray) -> pa.Array:
    """source_system of the chosen cases; null where the index is negative."""
    return chosen(SERVICE_SYSTEMS, np.where(index >= 0, cases.system[np.maximum(index, 0)], -1))


def deliver_cases(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    cases: Cases,
    large: bool,
    rng: np.random.Generator,
) -> None:
    """Monthly files: every case when it is opened, and once more when it has changed by a later month."""
    calendar, count = company.calendar, len(cases)
    stop, complaint = calendar.stop, cases.kind == COMPLAINT
    followed = cases.resolved + rng.integers(DAY, 12 * DAY, count)
    has_follow = (rng.random(count) < 0.45) & (followed < stop)
    reopened = cases.resolved + rng.integers(DAY, 5 * DAY, count)
    has_reopen = (rng.random(count) < 0.05) & (reopened < stop)
    policy = np.where(complaint, rng.integers(0, 8, count) * 1_000, 0)
    everything = np.arange(count)
    names = cases.names_order
    fixed = {
        "source_system": chosen(SERVICE_SYSTEMS, cases.system),
        "case_id": case_ids(cases, everything),
        **customer_reference(people, records, cases.record, cases.system),
        "issue_id": numbered("I", np.maximum(cases.issue, 0), 9, cases.issue >= 0),
        "kind": chosen(KINDS, cases.kind),
        "category": chosen(words.COMPLAINT_CATEGORIES, cases.category),
        "severity": chosen(("low", "medium", "high"), rng.integers(0, 3, count)),
        "channel": chosen(SERVICE_CHANNELS, cases.system),
        "org_unit_id": chosen(UNITS, np.where(rng.random(count) < 0.9, cases.unit, -1)),
        "employee_id": chosen([line[0] for line in company.employees], cases.employee),
        "order_source_system": chosen(
            ("pos", "webshop", "app", "miniprogram", "callcentre"),
            np.where(names, orders.bought.channel[cases.order], -1),
        ),
        "order_id": _only(order_ids(orders, cases.order), names),
        "opened_at": times(cases.opened),
    }

    def state(by: np.ndarray) -> Table:
        resolved = cases.resolved < by
        seen = [cases.opened, *(np.where(at < by, at, 0) for at in (cases.answered, cases.resolved))]
        seen += [np.where(has & (at < by), at, 0) for has, at in ((has_follow, followed), (has_reopen, reopened))]
        return {
            **fixed,
            "first_response_at": times(cases.answered, cases.answered < by),
            "eta_at": times(cases.answered + 2 * DAY, (cases.answered < by) & (cases.number % 10 < 6)),
            "responsibility_accepted": flags(cases.number % 3 != 0, resolved & complaint),
            "compensation_amount": money(np.where(cases.number % 4 == 0, policy // 2, policy), resolved & complaint),
            "policy_amount": money(policy, complaint),
            "resolved_at": times(cases.resolved, resolved),
            "reopened_at": times(reopened, has_reopen & (reopened < by)),
            "follow_up_at": times(followed, has_follow & (followed < by)),
            "follow_up_kind": chosen(
                ("care", "marketing"), np.where(has_follow & (followed < by), cases.number % 5 == 0, -1)
            ),
            "updated_at": times(np.max(seen, axis=0)),
        }

    month = calendar.month_of(cases.opened)
    first, final = state(calendar.edges[month + 1]), state(np.full(count, stop))
    last_change = calendar.month_of(final["updated_at"].cast(pa.int64()).to_numpy())
    for place in range(calendar.months):
        opened_now, changed_now = np.nonzero(month == place)[0], np.nonzero((last_change == place) & (month < place))[0]
        if not len(opened_now) + len(changed_now):
            continue
        table = {
            name: pa.concat_arrays([first[name].take(pa.array(opened_now)), final[name].take(pa.array(changed_now))])
            for name in first
        }
        bad = (
            [{"case_id": "C99999901", "opened_at": "31/02/2026", "reason": "bad_date"}]
            if place == calendar.months - 1
            else []
        )
        style = Style(times="offset", encoding="utf-8-sig" if place == 0 else "utf-8")
        landing.deliver(
            "cases",
            f"cases_{calendar.last_day(place).isoformat()}",
            table,
            Style("parquet") if large and not bad else style,
            bad,
        )


def _only(column: pa.Array, valid: np.ndarray) -> pa.Array:
    return column.take(pa.array(np.arange(len(column)), mask=~valid))


def deliver_contacts(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    cases: Cases,
    contacts: Contacts,
    large: bool,
    rng: np.random.Generator,
) -> None:
    """Monthly files of contacts."""
    calendar = company.calendar
    edges = np.searchsorted(contacts.at, calendar.edges)
    for place in range(calendar.months):
        i = np.arange(edges[place], edges[place + 1])
        if not len(i):
            continue
        count, person = len(i), contacts.handled_by[i] == 2
        wait = rng.exponential(np.where(person, 70, 2), count).astype(np.int64)
        abandoned = person & (wait > 240)
        callback = person & (contacts.system[i] == BY_PHONE) & (rng.random(count) < 0.05)
        at, kept = contacts.at[i], rng.random(count) < 0.85
        called = at + rng.integers(1, 30, count) * 3600
        case = contacts.case[i]
        foreign = (case >= 0) & (cases.system[np.maximum(case, 0)] != contacts.system[i]) if len(cases) else case >= 0
        table = {
            "source_system": chosen(SERVICE_SYSTEMS, contacts.system[i]),
            "contact_id": numbered("K", contacts.number[i], 9),
            **customer_reference(people, records, contacts.record[i], contacts.system[i]),
            "channel": chosen(SERVICE_CHANNELS, contacts.system[i]),
            "touchpoint": chosen(("hotline", "chat", "service_desk", "chat"), contacts.system[i]),
            "direction": chosen(("inbound", "outbound"), (rng.random(count) < 0.06) & (case < 0)),
            "issue_id": numbered("I", np.maximum(contacts.issue[i], 0), 9, contacts.issue[i] >= 0),
            "purpose": chosen(words.PURPOSES, contacts.purpose[i]),
            "started_at": times(at),
            "wait_seconds": whole(wait),
            "handle_seconds": whole(rng.gamma(2.0, 140, count), ~abandoned),
            "handled_by": chosen(("self_service", "bot", "person"), contacts.handled_by[i]),
            "org_unit_id": chosen(UNITS, contacts.unit[i]),
            "employee_id": chosen([line[0] for line in company.employees], contacts.employee[i]),
            "transferred": flags(contacts.transferred[i]),
            "callback_requested_at": times(at + 300, callback),
            "callback_promised_at": times(at + DAY, callback),
            "callback_at": times(called, callback & kept & (called < calendar.stop)),
            "abandoned": flags(abandoned),
            "resolved": flags(
                ~contacts.transferred[i] & ~abandoned & (rng.random(count) < 0.75), rng.random(count) < 0.9
            ),
            "case_source_system": _only(case_systems(cases, case), foreign),
            "case_id": case_ids(cases, case) if len(cases) else pa.nulls(count, pa.string()),
        }
        last = place == calendar.months - 1
        bad = [
            {"contact_id": "K999999901", "wait_seconds": "#REF!", "reason": "excel_error"},
            {"contact_id": "K999999902", "started_at": "昨天下午", "reason": "bad_date"},
        ]
        style = Style(times="local", booleans=("是", "否"), compressed=place % 5 == 3)
        style = Style("parquet") if large and not last else style
        landing.deliver(
            "contacts", f"contacts_{calendar.last_day(place).isoformat()}", table, style, bad if last else ()
        )
