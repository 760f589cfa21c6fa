"""Complaints, requests and suggestions: what they are about and who knows whom."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.columns import DAY, Table, chosen, numbered
from demo_company.company import (
    CRM,
    CS_UNITS,
    IN_APP,
    IN_MINIPROGRAM,
    POS,
    STORE,
    SYSTEMS,
    UNIT_CODE,
    Company,
)
from demo_company.orders import CANCELLED, RETURNED, Orders, employee_rows
from demo_company.people import People
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


def service_unit(
    system: np.ndarray, order_unit: np.ndarray, order_channel: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    centre = np.where(rng.random(len(system)) < 0.5, UNIT_CODE[CS_UNITS[0]], UNIT_CODE[CS_UNITS[1]])
    store = np.where(order_channel == STORE, order_unit, UNIT_CODE["STO"])
    return np.where(system == IN_STORE, store, centre)


def known_record(people: People, orders: Orders, order: np.ndarray, system: np.ndarray) -> np.ndarray:
    """The record under which a service system knows the person: its own, else the CRM's, else the order's."""
    person = orders.bought.person[order]
    own = people.record_of[person, np.array([CRM, IN_APP, POS, IN_MINIPROGRAM])[system]]
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
    unit = service_unit(system, bought.unit[order], bought.channel[order], rng)
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
        number=running_numbers(system),
        record=known_record(people, orders, order, system),
    )


def _first_orders(orders: Orders, people: np.ndarray) -> np.ndarray:
    """Position of each person's first completed order."""
    index = np.nonzero(np.isin(orders.bought.person, people) & orders.counts)[0]
    _, first = np.unique(orders.bought.person[index], return_index=True)
    return index[first]


def running_numbers(system: np.ndarray) -> np.ndarray:
    number = np.empty(len(system), dtype=np.int64)
    for code in range(len(SERVICE_SYSTEMS)):
        here = system == code
        number[here] = np.arange(1, here.sum() + 1)
    return number


def customer_reference(people: People, records: Records, record: np.ndarray, system: np.ndarray) -> Table:
    """`customer_source_system` (empty when it is the row's own) and `source_customer_id`."""
    own = np.array([-2, IN_APP, POS, IN_MINIPROGRAM])[system]  # the call centre keeps no records
    of_record = people.record_system[np.maximum(record, 0)]
    return {
        "customer_source_system": chosen(SYSTEMS, np.where((record >= 0) & (of_record != own), of_record, -1)),
        "source_customer_id": records.ids.take(pa.array(record, mask=record < 0)),
    }


def _of_cases(values: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Values of the chosen cases, −1 where the index is negative; a tiny company may have no case at all."""
    return np.where(index >= 0, values[np.maximum(index, 0)], -1) if len(values) else np.full(len(index), -1)


def case_ids(cases: Cases, index: np.ndarray) -> pa.Array:
    """case_id of the chosen cases; null where the index is negative."""
    return numbered("C", _of_cases(cases.number, index), 8, index >= 0)


def case_systems(cases: Cases, index: np.ndarray) -> pa.Array:
    """source_system of the chosen cases; null where the index is negative."""
    return chosen(SERVICE_SYSTEMS, _of_cases(cases.system, index))
