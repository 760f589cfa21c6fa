"""The whole demo company in one call."""

import zlib
from datetime import date
from pathlib import Path

import numpy as np

from demo_company.answer_files import deliver_answers, deliver_invitations
from demo_company.answers import build_answers
from demo_company.case_files import deliver_cases
from demo_company.cases import build_cases
from demo_company.catalogue import deliver_arms, deliver_catalogue
from demo_company.clock import OFFSET, Calendar
from demo_company.company import CHANNEL_UNITS, build_company
from demo_company.contacts import build_contacts, deliver_contacts
from demo_company.customer_files import deliver_records
from demo_company.delivery import Landing
from demo_company.loyalty import deliver_loyalty
from demo_company.orders import build_orders
from demo_company.organisation import deliver_organisation
from demo_company.people import build_people
from demo_company.purchases import build_purchases
from demo_company.questions import deliver_questions
from demo_company.records import build_records
from demo_company.sales import deliver_sales
from demo_company.targets import deliver_targets, true_levels
from demo_company.truth import write_truth
from demo_company.words import LABELS

LARGE = 200_000
END = date(2026, 10, 31)  # fixed, so that the same arguments give the same files on any day


def generate(
    out: Path, customers: int = 20_000, months: int = 18, seed: int = 20260101, end: date | None = None
) -> dict:
    """Write a demo company: `out/landing/<dataset>/…`, `out/truth/…`, and `out/company.yml` where there is none.

    The same arguments give the same bytes. From 200,000 customers on, events are Parquet.

    Args:
        out: the company's folder.
        customers: number of people, 20 or more.
        months: number of full months, the last of which ends on or before `end`.
        seed: of all randomness.
        end: default 31 October 2026.

    Returns:
        files (count), traps (name → count), first_day, last_day, orders.

    Raises:
        ValueError: too few customers or months.
    """

    def rng(stream: str) -> np.random.Generator:
        return np.random.default_rng([seed, zlib.crc32(stream.encode())])

    large = customers >= LARGE
    company = build_company(Calendar.until(end or END, months), rng("company"))
    landing = Landing(out / "landing", OFFSET)
    people = build_people(company, customers, rng("people"))
    records = build_records(people, company, rng("records"))
    deliver_records(landing, people, records, company, large, rng)
    bought = build_purchases(people, company, rng("purchases"))
    orders = build_orders(people, company, bought, rng("orders"))
    redelivered = deliver_sales(landing, people, records, company, orders, large, rng("sales"))
    cases = build_cases(people, company, orders, rng("cases"))
    deliver_cases(landing, people, records, company, orders, cases, large, rng("cases written"))
    contacts = build_contacts(people, company, orders, cases, rng("contacts"))
    deliver_contacts(landing, people, records, company, orders, cases, contacts, large, rng("contacts written"))
    answers = build_answers(people, company, orders, cases, contacts, rng("answers"))
    deliver_questions(landing)
    rescored = deliver_answers(landing, people, records, company, orders, cases, answers, large, rng("answers written"))
    deliver_invitations(landing, people, records, company, answers, large, rng("invitations"))
    deliver_loyalty(landing, people, records, company, orders, large, rng("loyalty"))
    deliver_catalogue(landing, company, rng("catalogue"))
    deliver_organisation(landing, company, rng("organisation"))
    deliver_arms(landing, people, records, company, bought, large)
    levels = true_levels(company, orders, cases, answers)
    deliver_targets(landing, company, levels)
    traps = write_truth(
        out / "truth", landing, people, records, company, orders, cases, answers, redelivered, rescored, levels
    )
    write_settings(out / "company.yml", company.calendar.firsts[0])
    return {
        "files": len(landing.files),
        "traps": {name: trap["count"] for name, trap in traps.items()},
        "first_day": company.calendar.firsts[0],
        "last_day": company.calendar.last_day(months - 1),
        "orders": len(orders),
    }


def write_settings(path: Path, first_day: date) -> bool:
    """Write the demo company's settings unless the folder has some; returns whether it did."""
    if path.exists():
        return False
    units = "\n".join(f'  {channel}: "{unit}"' for channel, unit in CHANNEL_UNITS.items())
    labels = "\n".join(f'  {code}: {{en: "{english}", zh: "{chinese}"}}' for code, english, chinese in LABELS)
    path.write_text(
        "# Settings of the demo company.\n"
        'name: "Cloud & Pine Home 云松生活"\n'
        "timezone: Asia/Shanghai\ncurrency: CNY\nphone_region: CN\nlanguage: en\n"
        f"history_starts_on: {first_day.isoformat()}\n"
        f"# Who answers for an order or a talk that names neither a unit nor an employee.\nchannel_units:\n{units}\n"
        f"# The company's own words, as pages show them.\nlabels:\n{labels}\n",
        encoding="utf-8",
    )
    return True
