"""`contacts`: the conversations about orders and cases."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.cases import (
    BY_CHAT,
    BY_PHONE,
    COMPLAINT,
    IN_MINI,
    SERVICE_CHANNELS,
    SERVICE_SYSTEMS,
    Cases,
    case_ids,
    case_systems,
    customer_reference,
    known_record,
    running_numbers,
    service_unit,
)
from demo_company.columns import DAY, chosen, flags, numbered, only, times, whole
from demo_company.company import UNITS, Company
from demo_company.delivery import Landing, Style
from demo_company.orders import Orders, employee_rows
from demo_company.people import People
from demo_company.records import Records


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


def build_contacts(
    people: People, company: Company, orders: Orders, cases: Cases, rng: np.random.Generator
) -> Contacts:
    """Draw contacts about orders and about every case.

    A bot that hands over is two rows of one issue; whom the first person did not help gets in touch again.
    """
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
    # whoever is not helped comes back within days: first-contact resolution lives on it
    unhelped = np.nonzero((case < 0) & (handled == 2) & (rng.random(len(order)) < 0.18))[0]
    later = np.concatenate([handover, unhelped])
    delay = np.concatenate([rng.integers(60, 900, len(handover)), rng.integers(DAY // 6, 12 * DAY, len(unhelped))])
    order, case, system, issue, purpose = (
        np.concatenate([values, values[later]]) for values in (order, case, system, issue, purpose)
    )
    at = np.concatenate([at, at[later] + delay])
    handled = np.concatenate([handled, np.full(len(later), 2)])
    transferred = np.concatenate([transferred, np.zeros(len(later), dtype=bool)])
    at = np.clip(at, calendar.start, None)
    kept = np.nonzero(at < calendar.stop)[0]
    kept = kept[np.lexsort((order[kept], at[kept]))]
    order, case, system, issue, purpose, at, handled, transferred = (
        values[kept] for values in (order, case, system, issue, purpose, at, handled, transferred)
    )
    unit = service_unit(system, bought.unit[order], bought.channel[order], rng)
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
        record=known_record(people, orders, order, system),
        number=running_numbers(system),
    )


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
            "case_source_system": only(case_systems(cases, case), foreign),
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
