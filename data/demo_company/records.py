"""`customers` and `identifiers`: how each system wrote down the people it knows — with all the mess of real records."""

from dataclasses import dataclass

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
from demo_company.company import SYSTEMS, Company
from demo_company.people import CRM, POS, People

NONE, HAN, PINYIN, PINYIN_PARTS, HAN_PARTS, NICKNAME, HAN_TYPO, PINYIN_TYPO, SWAPPED, CAPITALS, HAN_SWAPPED = range(11)
# Per system the share of each way to write a name, in the order above.
_NAME_SHARES = {
    "crm": (0.04, 0.74, 0.06, 0.01, 0.09, 0.00, 0.03, 0.00, 0.00, 0.02, 0.01),
    "pos": (0.22, 0.58, 0.08, 0.00, 0.00, 0.04, 0.04, 0.01, 0.00, 0.03, 0.00),
    "webshop": (0.07, 0.33, 0.10, 0.32, 0.03, 0.00, 0.01, 0.03, 0.05, 0.05, 0.01),
    "app": (0.33, 0.30, 0.18, 0.02, 0.00, 0.15, 0.01, 0.01, 0.00, 0.00, 0.00),
    "miniprogram": (0.48, 0.20, 0.02, 0.00, 0.00, 0.30, 0.00, 0.00, 0.00, 0.00, 0.00),
}
_ID_FORMS = {"crm": ("", 9), "pos": ("00", 8), "webshop": ("W", 9), "app": ("A", 9), "miniprogram": ("o6_", 10)}
_SOURCES = ("referral", "recommendation", "organic", "paid", "store", "partner", "other")


@dataclass(frozen=True)
class Records:
    """Ids and registration of every record (rows as in `People.record_person`).

    Attributes:
        ids: source_customer_id. registered: UTC seconds. tablet: rows registered on the store tablet.
        placeholder_phone, placeholder_email, placeholder_birth: rows where a clerk typed nonsense.
        name_style: how the name is written (constants of this module).
    """

    ids: pa.Array
    registered: np.ndarray
    tablet: np.ndarray
    placeholder_phone: np.ndarray
    placeholder_email: np.ndarray
    placeholder_birth: np.ndarray
    name_style: np.ndarray


def scattered(numbers: np.ndarray, width: int, salt: int) -> np.ndarray:
    """Distinct numbers below 10^width for distinct inputs, in an order that tells nothing about them."""
    return (np.asarray(numbers, dtype=np.int64) * 7_919 + 104_729 * (salt + 1)) % 10**width


def build_records(people: People, company: Company, rng: np.random.Generator) -> Records:
    """Number the records, date them, and decide which of them are badly kept."""
    person, system = people.record_person, people.record_system
    count = len(person)
    ids = pa.concat_arrays(
        [
            numbered(
                _ID_FORMS[name][0], scattered(person[system == code], _ID_FORMS[name][1], code), _ID_FORMS[name][1]
            )
            for code, name in enumerate(SYSTEMS)
        ]
    )
    registered = people.joined[person] - rng.integers(60, 5 * DAY, count) + (rng.random(count) < 0.2) * 20 * DAY
    style = np.empty(count, dtype=np.int64)
    for code, name in enumerate(SYSTEMS):
        here = system == code
        style[here] = rng.choice(len(_NAME_SHARES[name]), here.sum(), p=_NAME_SHARES[name])
    groups, crm = people.groups, people.record_of[:, CRM]
    style[crm[np.concatenate([groups.households_phone.ravel(), groups.recycled[:, 0], groups.twins.ravel()])]] = HAN
    # Half of the recycled numbers are told apart by their dates only: the new owner's name is unknown.
    style[crm[groups.recycled[0::2, 1]]] = NONE
    style[crm[groups.recycled[1::2, 1]]] = HAN
    kept = np.concatenate(
        [crm[groups.recycled.ravel()], crm[groups.twins.ravel()], crm[groups.households_phone.ravel()]]
    )
    _plant_names(people, style, kept, rng)
    by_store = np.concatenate([np.nonzero(system == code)[0] for code in (POS, CRM, 2, 3, 4)])
    pool = by_store[: max(max(30, people.count // 10), int((system == POS).sum()))]
    bad = rng.random((3, count)) < np.array([[0.012], [0.012], [0.03]])
    bad[:, np.setdiff1d(by_store, kept, assume_unique=True)[:1]] = True
    bad[:, kept] = False
    return Records(
        ids=ids,
        registered=np.clip(registered, None, company.calendar.stop - 3600),
        tablet=np.sort(rng.choice(pool, min(len(pool), max(30, people.count // 10)), replace=False)),
        placeholder_phone=bad[0],
        placeholder_email=bad[1],
        placeholder_birth=bad[2],
        name_style=style,
    )


def _plant_names(people: People, style: np.ndarray, kept: np.ndarray, rng: np.random.Generator) -> None:
    """Make sure that even a small company has one of each bad name, and a person both in characters and in pinyin."""
    twice = np.nonzero((people.record_of >= 0).sum(axis=1) > 1)[0]
    twice = twice[~np.isin(twice, people.record_person[kept])]
    if len(twice):
        row = people.record_of[rng.choice(twice)]
        style[row[row >= 0][:2]] = HAN, PINYIN
        kept = np.concatenate([kept, row[row >= 0]])
    free = rng.permutation(np.setdiff1d(np.arange(len(style)), kept))
    for code, row in zip((NICKNAME, HAN_TYPO, PINYIN_TYPO, SWAPPED, HAN_SWAPPED), free, strict=False):
        style[row] = code


def phone_text(numbers: np.ndarray, spelling: np.ndarray) -> pa.Array:
    """Mobile numbers from the phone space in one of six spellings; a negative spelling is null."""
    prefix = np.array(words.PHONE_PREFIXES, dtype=np.int64)[numbers // 10**8]
    plain = prefix * 10**8 + numbers % 10**8
    a, b, c = plain // 10**8, plain // 10**4 % 10**4, plain % 10**4
    three, four, last = numbered("", a, 3), numbered("", b, 4), numbered("", c, 4)
    forms = [
        numbered("", plain, 11),
        numbered("+86", plain, 11),
        joined(three, four, last, sep=" "),
        joined(three, four, last, sep="-"),
        joined("+86 ", three, " ", four, " ", last),
        numbered("0086", plain, 11),
    ]
    return pc.choose(pa.array(spelling.astype(np.int64), mask=spelling < 0), *forms)


def email_text(people: People, person: np.ndarray, spelling: np.ndarray) -> pa.Array:
    """A person's e-mail; spelling 1 is capitalised, 2 upper-case, a negative one null."""
    local = joined(
        chosen([name.lower() for name in words.SURNAMES_PINYIN], people.surname[person]),
        ".",
        chosen(words.GIVEN_PINYIN, people.given[person]),
        numbered("", scattered(person, 7, 3), 7),
    )
    plain = joined(local, "@", chosen(words.MAIL_HOSTS, person * 31 % len(words.MAIL_HOSTS)))
    spelled = pc.choose(pa.array(np.maximum(spelling, 0)), plain, pc.utf8_capitalize(plain), pc.utf8_upper(plain))
    return where(spelling >= 0, spelled, None)


def _names(people: People, person: np.ndarray, style: np.ndarray) -> Table:
    """full_name, given_name and family_name in the chosen styles."""
    surname, first, second = people.surname[person], people.given[person], people.given2[person]
    other = (first + 7) % len(words.GIVEN)
    family_han, family = chosen(words.SURNAMES, surname), chosen(words.SURNAMES_PINYIN, surname)
    tail_han = chosen(("", *words.GIVEN), second + 1)
    tail = chosen(("", *words.GIVEN_PINYIN), second + 1)
    given_han = joined(chosen(words.GIVEN, first), tail_han)
    given = pc.utf8_capitalize(joined(chosen(words.GIVEN_PINYIN, first), tail))
    typo = pc.utf8_capitalize(
        joined(chosen([f"{word[:-1]}{word[-1]}{word[-1]}" for word in words.GIVEN_PINYIN], first), tail)
    )
    nickname = pc.choose(
        pa.array(person % 3),
        joined("小", family_han),
        joined("阿", chosen(words.GIVEN, first)),
        chosen(words.ENGLISH_NAMES, person // 3 % len(words.ENGLISH_NAMES)),
    )
    nothing = pa.nulls(len(person), pa.string())
    code = pa.array(style)
    full = [nothing, joined(family_han, given_han), joined(given, family, sep=" "), nothing, nothing, nickname]
    full += [joined(family_han, chosen(words.GIVEN, other), tail_han), joined(typo, family, sep=" "), nothing]
    full += [pc.utf8_upper(joined(family, given, sep=" ")), joined(given_han, family_han)]
    split = {PINYIN_PARTS: (given, family), HAN_PARTS: (given_han, family_han), SWAPPED: (family, given)}
    return {
        "full_name": pc.choose(code, *full),
        "given_name": pc.choose(code, *(split[c][0] if c in split else nothing for c in range(11))),
        "family_name": pc.choose(code, *(split[c][1] if c in split else nothing for c in range(11))),
    }


def _births(
    people: People, person: np.ndarray, crm: bool, placeholder: np.ndarray, rng: np.random.Generator
) -> pa.Array:
    day = people.born[person]
    iso = text_from_matrix(iso_dates(day))
    slashes = pc.replace_substring(iso, "-", "/")
    chance = rng.random(len(person))
    known = chance < (0.75 if crm else 0.45)
    text = where(rng.random(len(person)) < 0.02, slashes, iso)
    return where(placeholder, constant("1990-01-01", len(person)), where(known, text, None))


def customers(people: People, records: Records, company: Company, system: int, rng: np.random.Generator) -> Table:
    """The `customers` rows of one system, in the order of its records."""
    row = np.nonzero(people.record_system == system)[0]
    person, count, name = people.record_person[row], len(row), SYSTEMS[system]
    online, is_crm = name in ("webshop", "app", "miniprogram"), system == CRM
    chance = rng.random(count)
    stale = (people.old_phone[person] >= 0) & (rng.random(count) < 0.4)
    stale &= ~np.isin(person, people.groups.recycled[:, 0])
    spelling = rng.choice(6, count, p=[0.55, 0.12, 0.1, 0.1, 0.08, 0.05])
    spelling = np.where(chance < (0.45 if name == "miniprogram" else 0.07), -1, spelling)
    spelling[np.isin(person, people.groups.households_phone) & is_crm] = 0
    # A recycled number stands in the new owner's record only where a full name tells the two apart.
    spelling[np.isin(person, people.groups.recycled[:, 1])] = -1
    if is_crm:
        spelling[np.isin(person, people.groups.recycled[1::2, 1])] = 1
    phone = phone_text(np.where(stale, people.old_phone[person], people.phone[person]), spelling)
    mail = np.where(rng.random(count) < (0.75 if online else 0.4), rng.choice(3, count, p=[0.8, 0.15, 0.05]), -1)
    mail[np.isin(person, people.groups.recycled[:, 1])] = 0
    bad_birth = records.placeholder_birth[row]
    birth = _births(people, person, is_crm, bad_birth, rng)
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
        **_names(people, person, records.name_style[row]),
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


def card_text(person: np.ndarray, spelling: np.ndarray) -> pa.Array:
    """Loyalty card numbers in three spellings that normalise to the same."""
    number = scattered(person, 9, 5)
    forms = (numbered("LC", number, 9), numbered("lc-", number, 9), numbered("LC ", number, 9))
    return pc.choose(pa.array(np.asarray(spelling, dtype=np.int64)), *forms)


def account_text(person: np.ndarray) -> pa.Array:
    """The account that web shop and app share."""
    return numbered("acc_", scattered(person, 9, 6), 9)


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
    if name in ("app", "miniprogram"):
        union = numbered("oU-", scattered(person, 10, 7), 10)
        add("union_id", chance[2] < (0.95 if name == "miniprogram" else 0.7), union, since)
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
