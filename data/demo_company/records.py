"""The records that each system keeps of the people it knows, and which of them are badly kept."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo_company.columns import DAY, numbered
from demo_company.company import CRM, IN_APP, IN_MINIPROGRAM, IN_WEBSHOP, POS, SYSTEMS, Company
from demo_company.people import People
from demo_company.spellings import HAN, HAN_SWAPPED, HAN_TYPO, NICKNAME, NONE, PINYIN, PINYIN_TYPO, SWAPPED, scattered

# Per system the share of each way to write a name, in the order above.
_NAME_SHARES = {
    "crm": (0.04, 0.74, 0.06, 0.01, 0.09, 0.00, 0.03, 0.00, 0.00, 0.02, 0.01),
    "pos": (0.22, 0.58, 0.08, 0.00, 0.00, 0.04, 0.04, 0.01, 0.00, 0.03, 0.00),
    "webshop": (0.07, 0.33, 0.10, 0.32, 0.03, 0.00, 0.01, 0.03, 0.05, 0.05, 0.01),
    "app": (0.33, 0.30, 0.18, 0.02, 0.00, 0.15, 0.01, 0.01, 0.00, 0.00, 0.00),
    "miniprogram": (0.48, 0.20, 0.02, 0.00, 0.00, 0.30, 0.00, 0.00, 0.00, 0.00, 0.00),
}


_ID_FORMS = {"crm": ("", 9), "pos": ("00", 8), "webshop": ("W", 9), "app": ("A", 9), "miniprogram": ("o6_", 10)}


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
    by_store = np.concatenate(
        [np.nonzero(system == code)[0] for code in (POS, CRM, IN_WEBSHOP, IN_APP, IN_MINIPROGRAM)]
    )
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
