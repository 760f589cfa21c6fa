"""Deliveries of `orders`, `order_lines` and `returns`: on time, late, twice, corrected and out of order."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo_company.columns import DAY, Table, chosen, constant, flags, money, numbered, times, where, whole
from demo_company.company import STORE, Company
from demo_company.delivery import Landing, Style
from demo_company.orders import (
    COMPLETED,
    OPEN,
    RETURNED,
    STATUSES,
    Orders,
    order_ids,
    order_systems,
    order_table,
    updated,
)
from demo_company.people import People
from demo_company.records import Records

PRODUCTS = 120


@dataclass(frozen=True)
class Redelivered:
    """Orders that were planted as delivery traps (positions of orders)."""

    late: np.ndarray
    corrected: np.ndarray
    outdated: np.ndarray
    overlapping: np.ndarray


def deliver_sales(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    large: bool,
    rng: np.random.Generator,
) -> Redelivered:
    """Write all three datasets month by month; returns which orders were delivered in an unusual way."""
    calendar, bought = company.calendar, orders.bought
    month = calendar.month_of(bought.at)
    late = (rng.random(len(orders)) < 0.006) & (bought.channel != STORE) & (month < calendar.months - 1)
    if calendar.months > 1:
        late[np.nonzero((bought.channel != STORE) & (month == 0))[0][-1:]] = True
    usable = np.nonzero((orders.status == COMPLETED) & ~late & (month < max(1, calendar.months - 1)))[0]
    planted = rng.permutation(usable)[: 3 * max(4, min(len(orders) // 2_000, 500))]
    corrected, outdated, overlapping = (np.sort(part) for part in np.array_split(planted, 3))
    arrives = month + late
    by_arrival = np.argsort(arrives, kind="stable")
    edges = np.searchsorted(arrives[by_arrival], np.arange(calendar.months + 1))
    for place in range(calendar.months):
        index = by_arrival[edges[place] : edges[place + 1]]
        again = overlapping[month[overlapping] == place - 1]
        _deliver_orders(
            landing, people, records, company, orders, place, np.concatenate([index, again]), corrected, large
        )
        _deliver_lines(landing, company, orders, place, index, large, rng)
    _deliver_returns(landing, company, orders, large, rng)
    _redeliver(landing, people, records, company, orders, corrected, outdated)
    return Redelivered(np.nonzero(late)[0], corrected, outdated, overlapping)


def _with(table: Table, **columns: pa.Array) -> Table:
    return {**table, **columns}


def _first_version(table: Table, orders: Orders, index: np.ndarray, corrected: np.ndarray) -> Table:
    """The order as first sent: ten times too dear where it was corrected later, and stamped when it was placed."""
    wrong = np.isin(index, corrected)
    factor = np.where(wrong, 10, 1)
    stamp = np.where(wrong, orders.bought.at[index], updated(orders, index))
    return _with(
        table,
        gross_amount=money(orders.gross[index] * factor),
        net_amount=money(orders.gross[index] * factor - orders.discount[index]),
        updated_at=times(stamp),
    )


def _deliver_orders(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    place: int,
    index: np.ndarray,
    corrected: np.ndarray,
    large: bool,
) -> None:
    calendar = company.calendar
    day = calendar.last_day(place).isoformat()
    last = place == calendar.months - 1
    bad = [
        {"order_id": "W9000000001", "ordered_at": "2026-02-30 10:00:00", "reason": "bad_date"},
        {"order_id": "W9000000002", "net_amount": "#REF!", "reason": "excel_error"},
        {"order_id": "W9000000003", "currency": "XXX", "reason": "no_exchange_rate"},
        {"order_id": "W9000000004", "ordered_at": "2099-01-01T08:00:00+08:00", "reason": "future"},
    ]
    table = _first_version(order_table(people, records, company, orders, index), orders, index, corrected)
    if large:
        path = landing.deliver(
            "orders", f"orders_{day}", table, Style("csv" if last else "parquet"), bad if last else ()
        )
        if place == calendar.months // 2:
            landing.resend(path)
        return
    in_store = orders.bought.channel[index] == STORE
    till = Style(times="local", booleans=("1", "0"), newline="\r\n" if place == 0 else "\n", compressed=place % 4 == 1)
    web = Style(times="utc" if place % 2 else "offset", compressed=place % 3 == 2)
    for name, here, style, spoiled in (("pos", in_store, till, ()), ("online", ~in_store, web, bad if last else ())):
        rows = np.nonzero(here)[0]
        if len(rows):
            part = {column: values.take(pa.array(rows)) for column, values in table.items()}
            path = landing.deliver("orders", f"{name}_orders_{day}", part, style, spoiled)
            if name == "pos" and place == calendar.months // 2:
                landing.resend(path)


def _deliver_lines(
    landing: Landing,
    company: Company,
    orders: Orders,
    place: int,
    index: np.ndarray,
    large: bool,
    rng: np.random.Generator,
) -> None:
    many = 1 + rng.binomial(2, 0.25, len(index))
    order = np.repeat(np.arange(len(index)), many)
    first = np.cumsum(many) - many
    line = np.arange(len(order)) - first[order]
    weight = rng.random(len(order)) + 0.2
    share = weight / np.bincount(order, weight, len(index))[order]
    net = orders.net[index]
    cents = np.floor(net[order] * share).astype(np.int64)
    cents[first] += net - np.bincount(order, cents, len(index)).astype(np.int64)
    source = index[order]
    table = {
        "source_system": order_systems(orders, source),
        "order_id": order_ids(orders, source),
        "line_no": whole(line + 1),
        "product_id": numbered("P", rng.integers(1, PRODUCTS + 1, len(order)), 5),
        "quantity": whole(1 + rng.binomial(2, 0.15, len(order))),
        "net_amount": money(cents),
        "is_customised": flags(rng.random(len(order)) < 0.06, rng.random(len(order)) < 0.9),
    }
    style = Style("parquet") if large else Style(compressed=True, booleans=("1", "0"))
    landing.deliver("order_lines", f"order_lines_{company.calendar.last_day(place).isoformat()}", table, style)


def _deliver_returns(landing: Landing, company: Company, orders: Orders, large: bool, rng: np.random.Generator) -> None:
    chance = rng.random(len(orders))
    partial = (
        (orders.status == COMPLETED)
        & ~orders.full_return
        & (chance < 0.02)
        & (orders.currency == 0)
        & (orders.net > 2_000)
    )
    source = np.nonzero((orders.status == RETURNED) | orders.full_return | partial)[0]
    requested = orders.done[source] + rng.integers(DAY, 12 * DAY, len(source))
    source, requested = source[requested < company.calendar.stop], requested[requested < company.calendar.stop]
    order = np.argsort(requested, kind="stable")
    source, requested = source[order], requested[order]
    # A return over the counter of something bought online: the return's system isn't the order's.
    at_counter = (orders.bought.channel[source] != STORE) & (rng.random(len(source)) < 0.15)
    finished = requested + rng.integers(DAY, 7 * DAY, len(source))
    finished = np.where(orders.full_return[source], np.minimum(finished, company.calendar.stop - 1), finished)
    amount = np.where(
        partial[source], orders.net[source] * rng.integers(20, 80, len(source)) // 100, orders.net[source]
    )
    systems = order_systems(orders, source)
    table = {
        "source_system": where(at_counter, constant("pos", len(source)), systems),
        "return_id": numbered("R", np.arange(1, len(source) + 1), 8),
        "order_source_system": systems,
        "order_id": order_ids(orders, source),
        "requested_at": times(requested),
        "completed_at": times(finished, finished < company.calendar.stop),
        "promised_days": whole(np.full(len(source), 7)),
        "reason": chosen(("quality", "size", "late", "changed_mind"), rng.integers(-1, 4, len(source))),
        "amount": money(amount),
        # A clerk's slip, taken back by its system.
        "withdrawn": flags(partial[source] & (np.arange(len(source)) % 50 == 0)),
    }
    month = company.calendar.month_of(requested)
    for start in range(0, company.calendar.months, 3):
        rows = np.nonzero((month >= start) & (month < start + 3))[0]
        if len(rows):
            part = {column: values.take(pa.array(rows)) for column, values in table.items()}
            day = company.calendar.last_day(min(start + 2, company.calendar.months - 1)).isoformat()
            landing.deliver("returns", f"returns_until_{day}", part, Style("parquet" if large else "csv"))


def _redeliver(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    orders: Orders,
    corrected: np.ndarray,
    outdated: np.ndarray,
) -> None:
    """The corrections (newer stamp), and a late file with a state that had long been overtaken (older stamp)."""
    stop = company.calendar.stop
    day = company.calendar.correction_day.isoformat()
    right = order_table(people, records, company, orders, corrected)
    right["updated_at"] = times(np.minimum(updated(orders, corrected) + 3 * DAY, stop - 1))
    landing.deliver("orders", f"orders_corrections_{day}", right)
    old = order_table(people, records, company, orders, outdated)
    old["status"] = chosen(STATUSES, np.full(len(outdated), OPEN))
    old["fulfilled_at"] = times(np.zeros(len(outdated)), np.zeros(len(outdated), dtype=bool))
    old["updated_at"] = times(orders.bought.at[outdated])
    landing.deliver("orders", f"orders_queue_replay_{day}", old, Style(times="utc"))
