"""Deliveries of `cases`: each when it was opened, and again when it had changed."""

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.cases import COMPLAINT, KINDS, SERVICE_CHANNELS, SERVICE_SYSTEMS, Cases, case_ids, customer_reference
from demo_company.columns import DAY, Table, chosen, flags, money, numbered, only, times
from demo_company.company import ORDER_SYSTEMS, UNITS, Company
from demo_company.delivery import Landing, Style
from demo_company.orders import Orders, order_ids
from demo_company.people import People
from demo_company.records import Records


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
            ORDER_SYSTEMS,
            np.where(names, orders.bought.channel[cases.order], -1),
        ),
        "order_id": only(order_ids(orders, cases.order), names),
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
