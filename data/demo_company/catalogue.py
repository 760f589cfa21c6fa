"""`products`, `benefits`, `business_actions`, `pilots`, `exchange_rates`, and who was in which arm of a test."""

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.clock import Calendar, day_number, day_of
from demo_company.columns import DAY, Table, chosen, dates, flags, money, numbered, rows, times
from demo_company.company import SYSTEMS, Company, rate_days
from demo_company.delivery import Landing, Style
from demo_company.loyalty import BENEFITS
from demo_company.people import People
from demo_company.purchases import Purchases
from demo_company.records import Records
from demo_company.sales import PRODUCTS


def deliver_catalogue(landing: Landing, company: Company, rng: np.random.Generator) -> None:
    """products, benefits, business_actions, pilots, exchange_rates."""
    calendar = company.calendar
    number = np.arange(1, PRODUCTS + 1)
    category = rng.integers(0, len(words.CATEGORIES), PRODUCTS)
    word = rng.integers(0, len(words.PRODUCT_WORDS), PRODUCTS)
    first = day_number(calendar.firsts[0])
    products = {
        "product_id": numbered("P", number, 5),
        "name": pa.array(
            [
                f"{words.PRODUCT_WORDS[w]}·{words.CATEGORIES[c]} {n:03d}"
                for w, c, n in zip(word, category, number, strict=True)
            ]
        ),
        "category": chosen(words.CATEGORIES, category),
        "is_configurable": flags(rng.random(PRODUCTS) < 0.15),
        "launched_at": dates(first - rng.integers(-200, 1_000, PRODUCTS)),
    }
    landing.deliver("products", "products", products)
    place = np.arange(BENEFITS)
    benefits = {
        "benefit_id": numbered("BEN-", place, 2),
        "name_en": pa.array([f"Benefit {p + 1}" for p in place]),
        "name_zh": pa.array([f"权益{p + 1}" for p in place]),
        "kind": chosen(("price", "service", "content", "participation"), place % 4),
        "tier": chosen(("silver", "gold", "platinum"), place % 3),
        "unit_cost": money(500 + place * 150),
        "active_from": dates(np.full(BENEFITS, first - 400)),
        "active_to": dates(np.full(BENEFITS, first + 300), place % 6 == 5),
    }
    landing.deliver("benefits", "benefits", benefits)
    actions = company.actions
    table = {name: pa.array([getattr(a, name) for a in actions], pa.string()) for name in ("action_id", "action_type", "name_en", "name_zh", "channel", "region", "segment")}  # fmt: skip
    table |= {
        "starts_at": times(np.array([a.starts for a in actions])),
        "ends_at": times(np.array([a.ends for a in actions])),
        "cost_amount": money(np.array([a.cost * 100 for a in actions])),
        "owner_org_unit_id": pa.array([a.owner for a in actions]),
    }
    landing.deliver("business_actions", "business_actions", table)
    _pilots(landing, company)
    _rates(landing, company, calendar)


def _pilots(landing: Landing, company: Company) -> None:
    names = ("pilot_id", "name_en", "name_zh", "hypothesis", "primary_kpi_id", "scope_dimension", "scope_value")
    table: Table = {name: pa.array([pilot[place] for pilot in company.pilots]) for place, name in enumerate(names)}
    table |= {
        "starts_at": times(np.array([pilot[7] for pilot in company.pilots])),
        "ends_at": times(np.array([pilot[8] for pilot in company.pilots])),
        "planned_share": pa.array([str(pilot[9]) for pilot in company.pilots]),
        "decision_rule": pa.array([pilot[10] for pilot in company.pilots]),
    }
    landing.deliver("pilots", "pilots", table)


def _rates(landing: Landing, company: Company, calendar: Calendar) -> None:
    days = rate_days(calendar)
    lines = [
        (currency, day, int(value))
        for currency, values in company.rates.items()
        for day, value in zip(days, values, strict=True)
    ]
    table = {
        "currency": pa.array([line[0] for line in lines]),
        "valid_from": dates(np.array([day_number(line[1]) for line in lines])),
        "rate": pa.array([f"{line[2] / 10_000:.4f}" for line in lines]),
    }
    landing.deliver("exchange_rates", f"exchange_rates_{calendar.last_day(calendar.months - 1).isoformat()}", table)


def deliver_arms(
    landing: Landing, people: People, records: Records, company: Company, bought: Purchases, large: bool
) -> None:
    """campaign_exposures and pilot_assignments: one row per person, under their main record."""
    for action in company.actions:
        if action.action_id in bought.arms:
            table = _arm_table(
                people, records, *bought.arms[action.action_id], "action_id", action.action_id, action.starts
            )
            landing.deliver(
                "campaign_exposures",
                f"{action.action_id}_{day_of(action.starts // DAY + 1).isoformat()}",
                table,
                Style("parquet" if large else "csv"),
            )
    pilots = [
        _arm_table(people, records, *bought.arms[pilot[0]], "pilot_id", pilot[0], pilot[7]) for pilot in company.pilots
    ]
    table = {name: pa.concat_arrays([part[name] for part in pilots]) for name in pilots[0] if name != "exposed_at"}
    landing.deliver("pilot_assignments", "pilot_assignments", table, Style("parquet" if large else "csv"))


def _arm_table(
    people: People, records: Records, who: np.ndarray, treated: np.ndarray, key: str, value: str, starts: int
) -> Table:
    record = people.anchor[who]
    table = {
        key: pa.repeat(pa.scalar(value), len(who)),
        "source_system": chosen(SYSTEMS, people.record_system[record]),
        "source_customer_id": records.ids.take(pa.array(record)),
        "arm": chosen(("treated", "holdout"), (~treated).astype(int)),
        "assigned_at": times(np.full(len(who), starts - DAY)),
        "exposed_at": times(np.full(len(who), starts + 9 * 3600), treated),
    }
    return rows(table, np.argsort(record, kind="stable"))
