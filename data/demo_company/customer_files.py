"""Deliveries of `customers` and `identifiers`: how each system wrote down the people it knows."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.columns import (
    DAY,
    Table,
    chosen,
    constant,
    flags,
    iso_dates,
    joined,
    numbered,
    pc,
    rows,
    text_from_matrix,
    times,
    where,
    whole,
)
from demo_company.company import (
    CRM,
    IN_APP,
    IN_MINIPROGRAM,
    SYSTEMS,
    Company,
)
from demo_company.delivery import Landing, Style
from demo_company.people import People
from demo_company.records import Records
from demo_company.spellings import (
    account_text,
    births,
    card_text,
    email_text,
    names,
    phone_text,
    scattered,
)

_SOURCES = ("referral", "recommendation", "organic", "paid", "store", "partner", "other")


def customers(people: People, records: Records, company: Company, system: int, rng: np.random.Generator) -> Table:
    """The `customers` rows of one system, in the order of its records."""
    row = np.nonzero(people.record_system == system)[0]
    person, count, name = people.record_person[row], len(row), SYSTEMS[system]
    online, is_crm = name in ("webshop", "app", "miniprogram"), system == CRM
    chance = rng.random(count)
    stale = (people.old_phone[person] >= 0) & (rng.random(count) < 0.4)
    stale &= ~np.isin(person, people.groups.recycled[:, 0])
    spelling = rng.choice(6, count, p=[0.55, 0.12, 0.1, 0.1, 0.08, 0.05])
    spelling = np.where(chance < (0.1 if name == "miniprogram" else 0.04), -1, spelling)
    spelling[np.isin(person, people.groups.households_phone) & is_crm] = 0
    # A recycled number stands in the new owner's record only where a full name tells the two apart.
    spelling[np.isin(person, people.groups.recycled[:, 1])] = -1
    if is_crm:
        spelling[np.isin(person, people.groups.recycled[1::2, 1])] = 1
    phone = phone_text(np.where(stale, people.old_phone[person], people.phone[person]), spelling)
    mail = np.where(rng.random(count) < (0.75 if online else 0.4), rng.choice(3, count, p=[0.8, 0.15, 0.05]), -1)
    mail[np.isin(person, people.groups.recycled[:, 1])] = 0
    bad_birth = records.placeholder_birth[row]
    birth = births(people, person, is_crm, bad_birth, rng)
    twins = np.isin(person, people.groups.twins) & is_crm
    birth = where(twins, text_from_matrix(iso_dates(people.born[person])), birth)
    city = people.city[person]
    address = joined(
        chosen([entry[0] for entry in words.CITIES], city),
        chosen(words.STREETS, people.street[person]),
        whole(people.number[person]).cast(pa.string()),
        "号",
        whole(people.room[person]).cast(pa.string()),
        "室",
    )
    has_address = rng.random(count) < {"crm": 0.7, "webshop": 0.85}.get(name, 0.05)
    has_address |= np.isin(person, people.groups.households_address)
    changed = rng.random(count) < 0.3
    latest = records.registered[row] + (rng.random(count) * (company.calendar.stop - records.registered[row])).astype(
        np.int64
    )
    with_card = people.member[person] & (name in ("crm", "pos") or name == "app")
    with_card &= rng.random(count) < {"crm": 0.92, "pos": 0.97, "app": 0.6}.get(name, 0)
    with_account = rng.random(count) < {"webshop": 0.95, "app": 0.8}.get(name, 0)
    return {
        "source_system": constant(name, count),
        "source_customer_id": records.ids.take(pa.array(row)),
        **names(people, person, records.name_style[row]),
        "phone": where(records.placeholder_phone[row], constant("13800000000", count), phone),
        "email": where(records.placeholder_email[row], constant("na@na.com", count), email_text(people, person, mail)),
        "loyalty_card_no": where(with_card, card_text(person, rng.integers(0, 3, count)), None),
        "external_id": where(with_account, account_text(person), None),
        "birth_date": birth,
        "gender": chosen(
            ("女", "男") if is_crm else ("F", "M"), np.where(rng.random(count) < 0.7, people.sex[person], -1)
        ),
        "address": where(has_address, address, None),
        "city": chosen([entry[0] for entry in words.CITIES], np.where(has_address | is_crm, city, -1)),
        "region": chosen([entry[1] for entry in words.CITIES], np.where(has_address | is_crm, city, -1)),
        "postcode": chosen([entry[2] for entry in words.CITIES], np.where(has_address, city, -1)),
        "country": chosen(["HK" if entry[0] == "香港" else "CN" for entry in words.CITIES], city),
        "registered_at": times(records.registered[row]),
        "acquisition_source": chosen(
            _SOURCES, rng.choice([0, 1, 2, 3, 4, 5, 6, -1], count, p=[0.1, 0.08, 0.2, 0.2, 0.2, 0.05, 0.05, 0.12])
        ),
        "phone_verified": flags(rng.random(count) < 0.8, (spelling >= 0) & online),
        "email_verified": flags(rng.random(count) < 0.5, (mail >= 0) & online),
        "marketing_consent": flags(rng.random(count) < 0.6, rng.random(count) < 0.9),
        "updated_at": times(np.where(changed, latest, records.registered[row])),
    }


def identifiers(people: People, records: Records, company: Company, system: int, rng: np.random.Generator) -> Table:
    """The `identifiers` rows of one system, sorted by customer, type and value."""
    row = np.nonzero(people.record_system == system)[0]
    person, name = people.record_person[row], SYSTEMS[system]
    since = records.registered[row]
    parts: list[Table] = []

    def add(
        kind: str, chosen_rows: np.ndarray, value: pa.Array, start: np.ndarray, stop: np.ndarray | None = None
    ) -> None:
        picked = np.nonzero(chosen_rows)[0]
        parts.append(
            {
                "source_system": constant(name, len(picked)),
                "source_customer_id": records.ids.take(pa.array(row[picked])),
                "identifier_type": constant(kind, len(picked)),
                "identifier_value": value.take(pa.array(picked)),
                "valid_from": times(start[picked]),
                "valid_to": times(np.zeros(len(picked)), np.zeros(len(picked), bool))
                if stop is None
                else times(stop[picked]),
            }
        )

    chance = rng.random((4, len(row)))
    if name in ("crm", "pos", "app"):
        share = {"crm": 0.9, "pos": 0.97, "app": 0.6}[name]
        add("card", people.member[person] & (chance[0] < share), card_text(person, np.zeros(len(row))), since)
    if name in ("webshop", "app"):
        add("account", chance[1] < 0.85, account_text(person), since)
    if name != "pos":
        union = numbered("oU-", scattered(person, 10, 7), 10)
        wechat = (people.record_of[person, IN_APP] >= 0) | (people.record_of[person, IN_MINIPROGRAM] >= 0)
        share = {"miniprogram": 0.95, "app": 0.7, "crm": 0.4, "webshop": 0.4}[name]
        add("union_id", wechat & (chance[2] < share), union, since)
    if name == "app":
        add("device", chance[3] < 0.9, numbered("D-", scattered(row, 12, 8), 12), since)
    if name == "webshop":
        add("cookie", chance[3] < 0.7, numbered("ck.", scattered(row, 12, 9), 12), since)
    if name == "crm":
        new_owner = np.isin(person, people.groups.recycled[:, 1])
        moved = people.old_phone[person] >= 0
        began = np.where(moved | new_owner, people.phone_since[person], since)
        add(
            "phone",
            moved,
            phone_text(people.old_phone[person].clip(0), np.zeros(len(row))),
            np.minimum(since, began - DAY),
            began,
        )
        add("phone", moved | new_owner | (chance[3] < 0.5), phone_text(people.phone[person], np.ones(len(row))), began)
    on_tablet = np.isin(row, records.tablet)
    add("device", on_tablet, constant("TABLET-0106-01", len(row)), since)
    table = {column: pa.concat_arrays([part[column] for part in parts]) for column in parts[0]}
    order = pc.sort_indices(
        pa.table(table),
        [(column, "ascending") for column in ("source_customer_id", "identifier_type", "identifier_value")],
    )
    return rows(table, order.to_numpy())


def deliver_records(
    landing: Landing,
    people: People,
    records: Records,
    company: Company,
    large: bool,
    rng: Callable[[str], np.random.Generator],
) -> None:
    """customers and identifiers: an export per system; the CRM's was sent once before, half-way, in part."""
    calendar = company.calendar
    day, half = calendar.last_day(calendar.months - 1).isoformat(), calendar.moment(0.5)
    for code, name in enumerate(SYSTEMS):
        table = customers(people, records, company, code, rng(f"customers {name}"))
        bad = [
            {"source_customer_id": "999999901", "phone": "1.38E+10", "reason": "excel_number"},
            {"source_customer_id": "999999902", "registered_at": "2026-13-45", "reason": "bad_date"},
        ]
        if name == "crm":
            early = _as_of(table, half)
            landing.deliver(
                "customers",
                f"crm_customers_{calendar.day_at(0.5).isoformat()}",
                early,
                Style("parquet" if large else "csv"),
            )
        encoding = "gb18030" if name == "pos" else "utf-8-sig" if name == "webshop" else "utf-8"
        style = (
            Style(times="local", booleans=("是", "否"), encoding=encoding)
            if name in ("crm", "pos")
            else Style(encoding=encoding)
        )
        style = Style("parquet") if large and name not in ("crm", "pos") else style
        landing.deliver("customers", f"{name}_customers_{day}", table, style, bad if name == "crm" else ())
        marks = identifiers(people, records, company, code, rng(f"identifiers {name}"))
        landing.deliver(
            "identifiers",
            f"{name}_identifiers_{day}",
            marks,
            Style("parquet" if large else "csv", compressed=name == "app"),
        )


def _as_of(table: Table, half: int) -> Table:
    """A fifth of the records registered by then, as they stood: without e-mail where they were changed afterwards."""
    registered, changed = (table[name].cast(pa.int64()).to_numpy() for name in ("registered_at", "updated_at"))
    kept = np.nonzero((registered < half) & (np.arange(len(registered)) % 5 == 0))[0]
    early = rows(table, kept)
    unchanged = changed[kept] < half
    early["email"] = where(unchanged, early["email"], None)
    early["updated_at"] = times(np.where(unchanged, changed[kept], registered[kept]))
    return early
