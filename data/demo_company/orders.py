"""What every order looks like: who it names, what it cost, how it ended."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo_company.clock import midnight
from demo_company.columns import DAY, Table, chosen, constant, joined, money, numbered, times, where, whole
from demo_company.company import (
    APP,
    CALLCENTRE,
    CHANNELS,
    CRM,
    HONG_KONG,
    MINIPROGRAM,
    ORDER_SYSTEMS,
    POS,
    STORE,
    SYSTEMS,
    UNITS,
    WEBSHOP,
    Company,
)
from demo_company.people import People
from demo_company.purchases import Purchases
from demo_company.records import Records
from demo_company.spellings import email_text, phone_text

STATUSES = ("completed", "cancelled", "returned", "open")
COMPLETED, CANCELLED, RETURNED, OPEN = range(4)
CURRENCIES = ("CNY", "HKD", "USD")
_ID_PREFIX = ("", "W", "A", "M", "")


@dataclass
class Orders:
    """One entry per order, rows as in `Purchases`.

    Attributes:
        bought: the purchases themselves.
        number: running number within the order's system.
        record: row of the record it names, −1 for none.
        guest: placed as a guest, with phone or e-mail instead of a customer.
        gross, discount, net, cost: hundredths of `currency` (code).
        status: code. done: UTC seconds when fulfilled, −1 if not. promised: UTC seconds, −1 for none.
        employee: row of Company.employees, −1 for none. names_unit: whether org_unit_id is filled.
        full_return: completed, and later sent back wholly.
    """

    bought: Purchases
    number: np.ndarray
    record: np.ndarray
    guest: np.ndarray
    gross: np.ndarray
    discount: np.ndarray
    net: np.ndarray
    cost: np.ndarray
    currency: np.ndarray
    status: np.ndarray
    done: np.ndarray
    promised: np.ndarray
    employee: np.ndarray
    names_unit: np.ndarray
    full_return: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    @property
    def counts(self) -> np.ndarray:
        """Orders that count for KPIs."""
        return (self.status == COMPLETED) & ~self.full_return


def employee_rows(company: Company, unit: np.ndarray, at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A row of Company.employees that belongs to each unit at each time (−1 where the unit has nobody)."""
    rows = np.full(len(unit), -1, dtype=np.int32)
    starts = np.array([midnight(line[1]) for line in company.employees])
    stops = np.array([midnight(line[2]) if line[2] else company.calendar.stop * 2 for line in company.employees])
    units = np.array([line[3] for line in company.employees])
    share = rng.random(len(unit))
    for code in np.unique(unit):
        here = np.nonzero(unit == code)[0]
        staff = np.nonzero((units == code) & (starts < company.calendar.start))[0]
        if len(staff):
            drawn = staff[(share[here] * len(staff)).astype(int)]
            # Whoever has moved on by then is replaced by the unit's head, who never moves.
            rows[here] = np.where(stops[drawn] > at[here], drawn, staff[0])
    return rows


def build_orders(people: People, company: Company, bought: Purchases, rng: np.random.Generator) -> Orders:
    """Fill in the details of every purchase."""
    count, person, at, channel = len(bought.at), bought.person, bought.at, bought.channel
    number = np.empty(count, dtype=np.int64)
    for code in range(len(CHANNELS)):
        here = channel == code
        number[here] = np.arange(1, here.sum() + 1)
    record, guest = _customer_reference(people, channel, person, rng)
    basket = rng.lognormal(0, 0.45, people.count).astype(np.float32) * 16_800
    gross = np.maximum((basket[person] * rng.gamma(3.0, 1 / 3.0, count)).astype(np.int64), 500)
    currency = np.where(bought.unit == HONG_KONG, 1, 0) + np.where(
        (channel == WEBSHOP) & (rng.random(count) < 0.008), 2, 0
    )
    for code, name in ((1, "HKD"), (2, "USD")):
        foreign = currency == code
        gross[foreign] = gross[foreign] * 10_000 // int(company.rates[name][0])
    promoted = bought.coupon | (bought.campaign >= 0)
    discount = np.where(promoted, gross * rng.integers(8, 30, count) // 100, 0)
    discount += np.where(~promoted & (rng.random(count) < 0.1), gross * 5 // 100, 0)
    net = gross - discount
    chance = rng.random(count)
    status = np.select([chance < 0.035, chance < 0.07, chance < 0.072], [CANCELLED, RETURNED, OPEN], COMPLETED)
    lag = np.where(channel == STORE, 0, rng.integers(DAY // 2, 6 * DAY, count))
    done = at + lag
    status[done >= company.calendar.stop] = OPEN
    status[np.isin(person, people.groups.three_channels)] = COMPLETED
    done[(status == CANCELLED) | (status == OPEN)] = -1
    promised = np.where(channel == STORE, -1, at + np.where(channel == WEBSHOP, 120, 108) * 3_600)
    return Orders(
        bought=bought,
        number=number,
        record=record,
        guest=guest,
        gross=gross,
        discount=discount,
        net=net,
        cost=gross * rng.integers(48, 62, count) // 100,
        currency=currency.astype(np.int8),
        status=status.astype(np.int8),
        done=np.minimum(done, company.calendar.stop - 1),
        promised=promised,
        employee=np.where(
            (channel == CALLCENTRE) | ((channel == STORE) & (rng.random(count) < 0.3)),
            employee_rows(company, bought.unit, at, rng),
            -1,
        ),
        names_unit=np.where(
            channel == STORE,
            rng.random(count) < 0.95,
            np.where(channel == CALLCENTRE, rng.random(count) < 0.5, rng.random(count) < 0.3),
        ),
        full_return=(status == COMPLETED) & (rng.random(count) < 0.004) & (done + 20 * DAY < company.calendar.stop),
    )


def _customer_reference(
    people: People, channel: np.ndarray, person: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    own = np.select([channel == STORE, channel == CALLCENTRE], [POS, CRM], channel + 1)
    record = people.record_of[person, own]
    chance = rng.random(len(person))
    crm = people.record_of[person, CRM]
    record = np.where((record < 0) & (channel == STORE) & (chance < 0.6), crm, record)
    record = np.where((channel == STORE) & (chance > 0.92), -1, record)
    online = np.isin(channel, (WEBSHOP, MINIPROGRAM))
    guest = online & (chance < 0.05)
    guest[online.argmax()] |= online.any()
    # Whoever complains in three channels is known in each of them.
    known = np.isin(person, people.groups.three_channels)
    guest &= ~known
    record = np.where(known, people.record_of[person, own], record)
    return np.where(guest, -1, record), guest


def order_ids(orders: Orders, index: np.ndarray) -> pa.Array:
    """order_id of the chosen orders. POS and call centre count alike, so only the system tells their ids apart."""
    return joined(chosen(_ID_PREFIX, orders.bought.channel[index]), numbered("", orders.number[index], 10))


def order_systems(orders: Orders, index: np.ndarray) -> pa.Array:
    """source_system of the chosen orders."""
    return chosen(ORDER_SYSTEMS, orders.bought.channel[index])


def order_table(people: People, records: Records, company: Company, orders: Orders, index: np.ndarray) -> Table:
    """`orders` rows as their systems know them in the end. A function of the orders alone, so it can be repeated."""
    bought, count = orders.bought, len(index)
    person, channel, at = bought.person[index], bought.channel[index], bought.at[index]
    record, done = orders.record[index], orders.done[index]
    record_system = people.record_system[np.maximum(record, 0)]
    foreign = np.array(SYSTEMS, dtype=object)[record_system] != np.array(ORDER_SYSTEMS, dtype=object)[channel]
    guest, mixed = orders.guest[index], (orders.number[index] * 2_654_435_761) % 1_000
    recycled = np.isin(person, people.groups.recycled)
    by_phone = guest & ((mixed < 700) & ~recycled)
    placeholder = (guest & (mixed >= 975)) | ((channel == STORE) & (record < 0) & (mixed < 30))
    guest_phone = phone_text(people.phone[person], np.where(by_phone, mixed % 6, -1))
    by_mail = guest & ((mixed >= 500) | recycled)
    return {
        "source_system": chosen(ORDER_SYSTEMS, channel),
        "order_id": order_ids(orders, index),
        "customer_source_system": chosen(SYSTEMS, np.where((record >= 0) & foreign, record_system, -1)),
        "source_customer_id": records.ids.take(pa.array(record, mask=record < 0)),
        "guest_phone": where(placeholder, constant("13800000000", count), guest_phone),
        "guest_email": where(
            placeholder & guest,
            constant("na@na.com", count),
            email_text(people, person, np.where(by_mail, mixed % 3, -1)),
        ),
        "channel": chosen(CHANNELS, channel),
        "org_unit_id": chosen(UNITS, np.where(orders.names_unit[index], bought.unit[index], -1)),
        "employee_id": chosen([line[0] for line in company.employees], orders.employee[index]),
        "ordered_at": times(at),
        "gross_amount": money(orders.gross[index]),
        "discount_amount": money(orders.discount[index]),
        "net_amount": money(orders.net[index]),
        "cost_amount": money(orders.cost[index], mixed != 7),
        "currency": chosen(
            CURRENCIES, np.where((orders.currency[index] == 0) & (channel == APP), -1, orders.currency[index])
        ),
        "campaign_id": chosen([action.action_id for action in company.campaigns], bought.campaign[index]),
        "coupon_code": where(bought.coupon[index], numbered("CP", mixed % 40, 4), None),
        "points_redeemed": whole(mixed // 10 * 10, redeems(orders, people, index)),
        "promised_at": times(orders.promised[index], orders.promised[index] >= 0),
        "fulfilled_at": times(done, done >= 0),
        "status": chosen(STATUSES, orders.status[index]),
        "updated_at": times(updated(orders, index)),
    }


def redeems(orders: Orders, people: People, index: np.ndarray) -> np.ndarray:
    """Orders on which points were spent: one in ten of the members'."""
    person = orders.bought.person[index]
    return people.member[person] & (orders.number[index] % 10 == 3) & (orders.record[index] >= 0)


def updated(orders: Orders, index: np.ndarray) -> np.ndarray:
    """UTC seconds of the last change of each order."""
    return np.maximum(orders.done[index], orders.bought.at[index] + 30)
