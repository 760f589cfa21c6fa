"""How one and the same person's name, phone, e-mail, card and birth date get written down."""

import numpy as np
import pyarrow as pa

from demo_company import words
from demo_company.columns import Table, chosen, constant, iso_dates, joined, numbered, pc, text_from_matrix, where
from demo_company.people import People

NONE, HAN, PINYIN, PINYIN_PARTS, HAN_PARTS, NICKNAME, HAN_TYPO, PINYIN_TYPO, SWAPPED, CAPITALS, HAN_SWAPPED = range(11)


def scattered(numbers: np.ndarray, width: int, salt: int) -> np.ndarray:
    """Distinct numbers below 10^width for distinct inputs, in an order that tells nothing about them."""
    return (np.asarray(numbers, dtype=np.int64) * 7_919 + 104_729 * (salt + 1)) % 10**width


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


def card_text(person: np.ndarray, spelling: np.ndarray) -> pa.Array:
    """Loyalty card numbers in three spellings that normalise to the same."""
    number = scattered(person, 9, 5)
    forms = (numbered("LC", number, 9), numbered("lc-", number, 9), numbered("LC ", number, 9))
    return pc.choose(pa.array(np.asarray(spelling, dtype=np.int64)), *forms)


def account_text(person: np.ndarray) -> pa.Array:
    """The account that web shop and app share."""
    return numbered("acc_", scattered(person, 9, 6), 9)


def names(people: People, person: np.ndarray, style: np.ndarray) -> Table:
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


def births(
    people: People, person: np.ndarray, crm: bool, placeholder: np.ndarray, rng: np.random.Generator
) -> pa.Array:
    day = people.born[person]
    iso = text_from_matrix(iso_dates(day))
    slashes = pc.replace_substring(iso, "-", "/")
    chance = rng.random(len(person))
    known = chance < (0.75 if crm else 0.45)
    text = where(rng.random(len(person)) < 0.02, slashes, iso)
    return where(placeholder, constant("1990-01-01", len(person)), where(known, text, None))
