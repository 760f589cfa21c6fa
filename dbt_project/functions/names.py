"""One person's name in comparable parts, however it was written: characters or pinyin, spaced or not, swapped, with titles."""

import re
from functools import lru_cache
from typing import NamedTuple

import duckdb

from .arrow import register_rows
from .mojibake import repaired
from .romanise import HAN, fold, han_syllables, surname_ranks, surname_reading, syllables
from .surnames import COMPOUND, FREQUENT, SINGLE

_HAN = re.compile(f"[{HAN}]+")
_PLAIN_HAN = re.compile("[一-鿿]{2,4}")
_WORD = re.compile(r"[^\W\d_]+(?:['’‘`´ʼ-][^\W\d_]+)*")
_JOINT = re.compile(r"['’‘`´ʼ]")
_ASIDE = re.compile(r"[(（\[【].*?[)）\]】]|[\"“”].*?[\"“”]")
_MALE, _FEMALE = "先生|太公|老伯", "女士|小姐|太太|夫人|阿姨|奶奶"
_HAN_TITLE = re.compile(f"(?:({_MALE})|({_FEMALE})|老师|老板|经理|总监|主任|医生|教授|博士|师傅|同学|同志|会员|客户|顾客)$")
_TITLES = {"mr": "m", "mister": "m", "sir": "m", "herr": "m", "monsieur": "m", "mrs": "f", "ms": "f", "miss": "f"}
_TITLES |= {"mme": "f", "mlle": "f", "madam": "f", "madame": "f", "frau": "f", "mx": None, "dr": None, "prof": None}
_TITLES |= {"professor": None, "doctor": None, "rev": None, "hon": None}
_AFTER = frozenset("jr sr ii iii iv esq phd md".split())
_GLUED = frozenset(("o", "mc"))
_PARTICLES = frozenset("van von der den de del della di da dos das la le bin ibn al el ter ten".split())


class Name(NamedTuple):
    """What identity_records keeps of a name; see there."""

    given_name: str | None
    family_name: str | None
    han_name: str | None
    name_tokens: list[str]
    name_key: str
    name_is_chinese: bool
    title_gender: str | None


def parse(full: str | None, given: str | None, family: str | None) -> Name | None:
    """A record's name from its three columns (`full` wins, as it is the more complete); None where no letter is left."""
    written = full if full and full.strip() else None
    if written is None:
        parts = [part for part in (given, family) if part]
        if not parts:
            return None
        written = " ".join(parts)
        if family and _HAN.search(family):
            written = f"{family}{given or ''}"  # characters are written family name first
    if _PLAIN_HAN.fullmatch(written) and not _HAN_TITLE.search(written):
        return _chinese(written, None) if _is_sense(written) else _other(written)
    return _other(written)


def _is_sense(text: str) -> bool:
    return text[0] in SINGLE or text[:2] in COMPOUND or text[-1] in FREQUENT


def _other(written: str) -> Name | None:
    text = repaired(written)
    if text is None:
        return None
    text = _ASIDE.sub(" ", text).strip() or re.sub(r"[()（）\[\]【】\"“”]", " ", text)
    characters = "".join(_HAN.findall(text))
    if characters:
        gender = None
        title = _HAN_TITLE.search(characters)
        if title and title.start() > 0:
            gender = "m" if title[1] else "f" if title[2] else None
            characters = characters[: title.start()]
        if len(characters) > 1 or not re.search("[A-Za-z]", text):
            return _chinese(characters, gender)
        text = _HAN.sub(f" {surname_reading(characters)} ", text)
    return _latin(text)


def _chinese(characters: str, gender: str | None) -> Name:
    """Family name first, unless only the last character is one: then the name was swapped."""
    if len(characters) > 2 and characters[:2] in COMPOUND:
        cut, swapped = 2, False
    elif len(characters) > 2 and characters[-2:] in COMPOUND:
        cut, swapped = len(characters) - 2, True
    elif len(characters) > 1 and characters[0] not in SINGLE and characters[-1] in FREQUENT:
        cut, swapped = len(characters) - 1, True
    else:
        cut, swapped = 1, False
    first, last = characters[:cut], characters[cut:]
    family, given = (last, first) if swapped else (first, last)
    family_pinyin, parts = surname_reading(family), han_syllables(given) if given else ()
    every = [*_cut_surname(family_pinyin), *parts]
    return Name("".join(parts) or None, family_pinyin, characters, sorted(set(every)), "".join(sorted(every)), True, gender)


@lru_cache(maxsize=10_000)
def _cut_surname(pinyin: str) -> tuple[str, ...]:
    return syllables(pinyin) or (pinyin,)


def _latin(text: str) -> Name | None:
    before, comma, after = text.replace("，", ",").partition(",")
    ahead_of_comma = len(_WORD.findall(before)) if comma and _WORD.search(after) else 0
    words = _WORD.findall(text)
    titles = [fold(word) for word in words]
    kept = [word for word, title in zip(words, titles, strict=True) if title not in _TITLES]
    gender = next((_TITLES[title] for title in titles if _TITLES.get(title)), None)
    if not kept:
        return None
    if len(kept) > 1 and fold(kept[-1]) in _AFTER:
        kept.pop()
    chinese = _pinyin(tuple(_JOINT.sub("", fold(word)).replace("-", "") for word in kept))
    if chinese:
        family, given, every = chinese
        return Name(given, family, None, sorted(set(every)), "".join(sorted(every)), True, gender)
    parts = [part for word in kept for part in _JOINT.sub("", fold(word)).split("-") if part]
    tokens: list[str] = []
    for part in parts:
        if tokens and tokens[-1] in _GLUED:
            tokens[-1] += part
        else:
            tokens.append(part)
    at = ahead_of_comma or len(tokens) - 1
    while not ahead_of_comma and at > 1 and tokens[at - 1] in _PARTICLES:
        at -= 1
    given, family = (tokens[at:], tokens[:at]) if ahead_of_comma else (tokens[:at], tokens[at:])
    if not given:  # a single word may be either: a given name is what people give first
        given, family = family, []
    ordered = sorted(tokens)
    return Name(" ".join(given) or None, " ".join(family) or None, None, sorted(set(tokens)), "".join(ordered), False, gender)


@lru_cache(maxsize=200_000)
def _pinyin(words: tuple[str, ...]) -> tuple[str, str | None, list[str]] | None:
    """(family name, given name, all syllables) where the words read as a Chinese name in pinyin.

    Every word must be pinyin and the first or the last a surname; of two surnames the more frequent one is the family's,
    which makes the answer the same for swapped words. A single word counts where no other language writes so.
    """
    cut = [syllables(word) for word in words]
    if any(parts is None for parts in cut):
        return None
    ranks = surname_ranks()
    words = tuple("".join(parts or ()) for parts in cut)
    if len(words) == 1:
        parts = cut[0] or ()
        unmistakable = re.search(r"[xq]|zh|ng", words[0]) and not any(part[0] in "aeo" for part in parts)
        if len(parts) < 2 or not unmistakable:
            return None
        if parts[0] in ranks and len(parts) == 3:
            return parts[0], "".join(parts[1:]), list(parts)
        return "", words[0], list(parts)
    ends = [(ranks[words[at]], at) for at in (0, len(words) - 1) if words[at] in ranks]
    if not ends:
        return None
    at = min(ends)[1]
    given = "".join(words[:at] + words[at + 1 :])
    parts = [*(_cut_surname(words[at])), *(syllables(given) or ())]
    return words[at], given, parts


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`person_name(full, given, family)` → struct with the fields of Name."""
    kinds = ("varchar", "varchar", "varchar", "varchar[]", "varchar", "boolean", "varchar")
    register_rows(connection, "person_name", parse, ["varchar"] * 3, dict(zip(Name._fields, kinds, strict=True)))
