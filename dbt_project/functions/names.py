"""One person's name in comparable parts, however it was written: characters or pinyin, spaced or not, swapped, with titles."""

import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

import duckdb

from .arrow import register_rows
from .mojibake import repaired
from .pinyin_names import from_characters, from_letters, makes_sense
from .romanise import HAN, fold, han_syllables, surname_ranks, surname_reading, syllables, words_of
from .traditional import simplified

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
    """A record's name from its three columns (`full` wins, as it is the more complete); None where no letter is left.

    Without `full` each column stays what it was delivered as, unless a Chinese name shows that the two were swapped.
    """
    if full and not full.isspace():
        return _read(full)
    if family and given:
        # characters are written family name first
        together = _read(f"{family}{given}" if _HAN.search(family) else f"{given} {family}")
    else:
        together = _read(given or family or "")
    return together and _as_delivered(together, given, family)


def _read(written: str) -> Name | None:
    if not written:
        return None
    if _PLAIN_LETTERS.fullmatch(written):
        return _latin(written.lower().split(" "), 0)
    if _PLAIN_HAN.fullmatch(written) and written[-1] not in _HAN_TITLE_ENDS and makes_sense(written):
        return _chinese(written, None)
    return _other(written)


def _as_delivered(name: Name, given: str | None, family: str | None) -> Name:
    """The name with its parts divided as the two columns divide them."""
    first, last = (_part(text, is_family, name) for text, is_family in ((given, False), (family, True)))
    if name.han_name and name.han_name != simplified(f"{(last or ('', ''))[1]}{(first or ('', ''))[1]}"):
        return name  # there was a title among the characters
    divided = (first[0] if first else None, last[0] if last else None)
    if name.name_is_chinese and divided == (name.family_name, name.given_name):
        ranks = surname_ranks()
        if ranks.get(divided[0] or "", 1000) < ranks.get(divided[1] or "", 1000):
            return name
    return name._replace(given_name=divided[0], family_name=divided[1])


def _part(text: str | None, is_family: bool, name: Name) -> tuple[str, str] | None:
    """One column in comparable form, and its characters."""
    text = unicodedata.normalize("NFKC", repaired(text or "") or "")
    text = _ASIDE.sub(" ", text).strip() or _BRACKETS.sub(" ", text)
    characters = "".join(_HAN.findall(text))
    if characters:
        return surname_reading(characters) if is_family else "".join(han_syllables(characters)), characters
    words = _untitled([_JOINT.sub("", fold(word)) for word in _WORD.findall(text)])
    if name.name_is_chinese:
        cut = ("".join(syllables(word.replace("-", "")) or (word,)) for word in words)
        return ("".join(cut), "") if words else None
    return (" ".join(_tokens(words)), "") if words else None


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
    words = _untitled(words)
    if not words:
        return None
    pinyin = from_letters(tuple(word.replace("-", "") for word in words), family_words)
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


def _untitled(words: list[str]) -> list[str]:
    words = [word for word in words if word not in _TITLES]
    return words[:-1] if len(words) > 1 and words[-1] in _AFTER else words


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
    return Name(given, family, han and simplified(han), " ".join(sorted(parts)), is_chinese, gender)


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`person_name(full, given, family)` → struct with the fields of Name."""
    kinds = ("varchar", "varchar", "varchar", "varchar", "boolean", "varchar")
    register_rows(connection, "person_name", parse, ["varchar"] * 3, dict(zip(Name._fields, kinds, strict=True)))
