"""One person's name in comparable parts, however it was written: characters or pinyin, spaced or not, swapped, with titles."""

import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

import duckdb

from .arrow import register_rows
from .mojibake import repaired
from .pinyin_names import from_characters, from_letters, makes_sense
from .romanise import HAN, fold, surname_reading, words_of

_HAN = re.compile(f"[{HAN}]+")
_PLAIN_HAN = re.compile("[一-鿿]{2,4}")
_PLAIN_LETTERS = re.compile("[A-Za-z]+(?: [A-Za-z]+)+")
_WORD = re.compile(r"[^\W\d_]+(?:['’‘`´ʼ-][^\W\d_]+)*")
_JOINT = re.compile("['’‘`´ʼ]")
_ASIDE = re.compile(r"[(\[【].*?[)\]】]|[\"“”].*?[\"“”]")
_BRACKETS = re.compile(r"[()\[\]【】\"“”]")
_HAN_TITLE = re.compile(
    "(?:(先生|老伯)|(女士|小姐|太太|夫人|阿姨|奶奶)|老师|老板|经理|总监|主任|医生|教授|博士|师傅|同学|同志|会员|客户|顾客)$"
)
_HAN_TITLE_ENDS = frozenset("生伯士姐太人姨奶师板理监任授傅学志员户客")
_GENDERS = {"mr": "m", "mister": "m", "sir": "m", "herr": "m", "monsieur": "m", "mrs": "f", "ms": "f", "miss": "f"}
_GENDERS |= {"mme": "f", "mlle": "f", "madam": "f", "madame": "f", "frau": "f"}
_TITLES = words_of("mx dr prof professor doctor rev hon") | _GENDERS.keys()
_AFTER = words_of("jr sr ii iii iv esq phd md")
_GLUED = words_of("o mc")
_PARTICLES = words_of("van von der den de del della di da dos das la le bin ibn al el ter ten")


class Name(NamedTuple):
    """What identity_records keeps of a name, see there; `parts` are sorted, with spaces between, repeated ones repeated."""

    given_name: str | None
    family_name: str | None
    han_name: str | None
    parts: str
    name_is_chinese: bool
    title_gender: str | None


def parse(full: str | None, given: str | None, family: str | None) -> Name | None:
    """A record's name from its three columns (`full` wins, as it is the more complete); None where no letter is left."""
    written = full
    if not written or written.isspace():
        if family and given:
            # characters are written family name first
            written = f"{family}{given}" if _HAN.search(family) else f"{given} {family}"
        else:
            written = given or family
    if not written:
        return None
    if _PLAIN_LETTERS.fullmatch(written):
        return _latin(written.lower().split(" "), 0)
    if _PLAIN_HAN.fullmatch(written) and written[-1] not in _HAN_TITLE_ENDS and makes_sense(written):
        return _chinese(written, None)
    return _other(written)


def _other(written: str) -> Name | None:
    text = repaired(written)
    if text is None:
        return None
    text = unicodedata.normalize("NFKC", text)
    text = _ASIDE.sub(" ", text).strip() or _BRACKETS.sub(" ", text)
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
    before, comma, after = text.partition(",")
    ahead = len(_WORD.findall(before)) if comma and _WORD.search(after) else 0
    return _latin([_JOINT.sub("", fold(word)) for word in _WORD.findall(text)], ahead)


def _chinese(characters: str, gender: str | None) -> Name:
    given, family, parts = from_characters(characters)
    return _name(given, family, characters, parts, True, gender)


def _latin(words: list[str], family_words: int) -> Name | None:
    """A name of folded words, of which the first `family_words` stood before a comma."""
    gender = None
    if not _TITLES.isdisjoint(words):
        gender = next((_GENDERS[word] for word in words if word in _GENDERS), None)
        words = [word for word in words if word not in _TITLES]
    if len(words) > 1 and words[-1] in _AFTER:
        words = words[:-1]
    if not words:
        return None
    pinyin = from_letters(tuple(word.replace("-", "") for word in words))
    if pinyin:
        given, family, parts = pinyin
        return _name(given, family, None, parts, True, gender)
    tokens = _tokens(words)
    cut = min(family_words, len(tokens))
    ahead, behind = tokens[:cut], tokens[cut:]
    if not cut:
        at = len(tokens) - 1
        while at > 1 and tokens[at - 1] in _PARTICLES:
            at -= 1
        ahead, behind = tokens[at:], tokens[:at]
    if not behind:  # a single word is what people are called by
        ahead, behind = [], tokens
    return _name(" ".join(behind), " ".join(ahead) or None, None, tokens, False, gender)


def _tokens(words: list[str]) -> list[str]:
    """Words parted at hyphens; O and Mc belong to what follows."""
    tokens: list[str] = []
    for word in words:
        for part in word.split("-"):
            if tokens and tokens[-1] in _GLUED:
                tokens[-1] += part
            elif part:
                tokens.append(part)
    return tokens


def _name(
    given: str | None, family: str | None, han: str | None, parts: Collection[str], is_chinese: bool, gender: str | None
) -> Name:
    return Name(given, family, han, " ".join(sorted(parts)), is_chinese, gender)


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`person_name(full, given, family)` → struct with the fields of Name."""
    kinds = ("varchar", "varchar", "varchar", "varchar", "boolean", "varchar")
    register_rows(connection, "person_name", parse, ["varchar"] * 3, dict(zip(Name._fields, kinds, strict=True)))
