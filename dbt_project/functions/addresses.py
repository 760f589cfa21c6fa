"""Postal addresses as comparable words, in Latin letters and in Chinese characters."""

import re
import unicodedata
from typing import NamedTuple

import duckdb

from .arrow import register_rows
from .romanise import HAN, fold, reading, words_of

# USPS Publication 28, appendix C, and what British and Australian addresses abbreviate.
_WORDS = {
    **{
        "st": "street",
        "str": "street",
        "strt": "street",
        "rd": "road",
        "ave": "avenue",
        "av": "avenue",
        "aven": "avenue",
    },
    **{"dr": "drive", "drv": "drive", "ln": "lane", "blvd": "boulevard", "boul": "boulevard", "ct": "court"},
    **{"crt": "court", "pl": "place", "sq": "square", "ter": "terrace", "tce": "terrace", "terr": "terrace"},
    **{"cres": "crescent", "cr": "crescent", "cct": "circuit", "cir": "circle", "hwy": "highway", "pde": "parade"},
    **{"pkwy": "parkway", "cl": "close", "gr": "grove", "gdns": "gardens", "esp": "esplanade", "wy": "way"},
    **{"apt": "apartment", "appt": "apartment", "fl": "floor", "flr": "floor", "ste": "suite", "rm": "room"},
    **{"bldg": "building", "blg": "building", "hse": "house", "mt": "mount", "n": "north", "s": "south"},
    **{"e": "east", "w": "west", "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest"},
    **{"strasse": "strasse", "nr": "", "no": "", "num": "", "number": "", "po": "po", "box": "box"},
}
_GERMAN_STREET = re.compile(r"(?<=[a-z]{2})str(?:asse)?\b\.?")
_UNITS = words_of("号 室 楼 栋 座 弄 单元 层 元 号楼 号院 院")
# A Chinese address is cut behind the characters that end a name of a place, wherever they stand.
_CUT = {ord(c): f"{c} " for c in "省市区县镇乡村街道路巷弄里号院楼栋座元室层厦园寓场"}
_CUT |= dict(
    zip(
        map(ord, "號樓棟幢區縣鎮鄉層園場廈單"),
        ["号 ", "楼 ", "栋 ", "栋 ", "区 ", "县 ", "镇 ", "乡 ", "层 ", "园 ", "场 ", "厦 ", "单"],
        strict=True,
    )
)
_PART = re.compile(r"[0-9]+[a-z]?(?![a-z0-9])|[0-9a-z]+|[^\W\d_a-z]+(?:[^\W\d_]+)?")
_HAN = re.compile(f"[{HAN}]")
_PLAIN = re.compile("[ -~一-鿿]*")
_GERMAN_STREET = re.compile(r"(?<=[a-z]{2})str(?:asse)?\b\.?")
_HAN_NUMBER = re.compile("([0-9]+[a-z]?)(?:-[0-9]+)?(?:号|弄|栋)")
_FIRST_NUMBER = re.compile(r"(?<![a-z0-9])([0-9]+[a-z]?)(?![a-z0-9])")


class Address(NamedTuple):
    """Words in the order written, joined by spaces, without 'no' and 号; and the number of the house in its street."""

    address: str
    house_number: str | None


def parse(text: str | None, city: str | None = None) -> Address | None:
    """A written address in comparable parts; None where it holds neither letter nor digit.

    A `city` in Chinese characters is cut off the front, where some write it and others don't.
    """
    if not text:
        return None
    plain = text.lower() if _PLAIN.fullmatch(text) else fold(unicodedata.normalize("NFKC", text))
    if plain.isascii() or not _HAN.search(plain):
        plain = plain.replace("'", "").replace("p.o.", "po")
        if "str" in plain:
            plain = _GERMAN_STREET.sub("strasse", plain)
        words = _latin_words(_PART.findall(plain))
        return Address(" ".join(words), _number(words)) if words else None
    if city:
        short = city.removesuffix("市")
        at = plain.find(short)
        if 0 <= at <= 5:
            plain = plain[at + len(short) :].removeprefix("市")
    plain = plain.translate(_CUT)
    words = [word for word in _PART.findall(plain) if word not in _UNITS]
    number = _HAN_NUMBER.search(plain) or _FIRST_NUMBER.search(plain)
    return Address(" ".join(words), number[1] if number else None) if words else None


def _latin_words(parts: list[str]) -> list[str]:
    """Abbreviations written out; `St` before a name is a saint, a letter behind a number is part of it."""
    words: list[str] = []
    for at, part in enumerate(parts):
        before = words[-1] if words else ""
        if part == "st" and at + 1 < len(parts) and (not before or before[0].isdigit()):
            words.append("saint")
        elif len(part) == 1 and part.isalpha() and before.isdigit() and (at + 1 == len(parts) or part not in "nsew"):
            words[-1] += part
        else:
            words.append(_WORDS.get(part, part))
    return [word for word in words if word]


def _number(words: list[str]) -> str | None:
    """The first number that is none of a flat, a floor or a box."""
    unit = False
    for word in words:
        if word[0].isdigit() and not unit:
            return word
        unit = word in ("apartment", "unit", "flat", "suite", "room", "floor", "level", "lot", "box")
    return None


def place(text: str | None) -> str | None:
    """A city, region or country in one spelling: '上海市', '上海' and 'Shanghai' are all 'shanghai'."""
    if not text:
        return None
    plain = fold(unicodedata.normalize("NFKC", text)).strip()
    if _HAN.search(plain):
        plain = re.sub("(?<=..)(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$", "", plain)
        plain = "".join(_PLACE_READINGS.get(plain) or [_PLACE_CHARACTERS.get(c) or reading(c) for c in plain])
    else:
        plain = re.sub(r"\s+(?:city|province|shi|sheng)$", "", plain)
    return re.sub(r"[\W_]+", "", plain) or None


# Places that English writes otherwise, and characters that places read otherwise than names.
_PLACE_READINGS = {
    "香港": "hongkong",
    "澳门": "macau",
    "澳門": "macau",
    "西藏": "tibet",
    "陕西": "shaanxi",
    "六安": "luan",
}
_PLACE_CHARACTERS = {
    "重": "chong",
    "厦": "xia",
    "廈": "xia",
    "单": "shan",
    "區": "qu",
    "区": "qu",
    "解": "jie",
    "曾": "zeng",
}


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`postal_address(text, city)` → struct with the fields of Address; `place_name(text)` → text."""
    fields = dict.fromkeys(Address._fields, "varchar")
    register_rows(connection, "postal_address", parse, ["varchar", "varchar"], fields)
    register_rows(connection, "place_name", place, ["varchar"], "varchar")
