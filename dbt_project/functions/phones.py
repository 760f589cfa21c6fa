"""Telephone numbers in E.164, by libphonenumber's Python port; regular ones are SQL (macros/normalise.sql)."""

import re
import unicodedata

import duckdb
import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from .arrow import register_rows

LEAST_DIGITS = 7  # shorter ones are extensions and service numbers, which identify nobody
_BETWEEN = re.compile(r"[/;、,|\n\r]|\s(?:or|and)\s|或|和")
_EXTENSION = re.compile(r"(?:转|轉|分机|分機|内线).*", re.DOTALL)
_REMARK = re.compile(r"[㐀-鿿]+|\([^()0-9]*\)|(?<=[0-9])\s*ext(?:ension)?\.?\s*$|(?<=^[0-9]{11})\.0$", re.IGNORECASE)
"""Whose telephone it is, in characters or in brackets; an extension left empty; what a spreadsheet adds to a number."""
_SEVERAL = re.compile(r"\+?[0-9](?:[0-9-]*[0-9]){9,}")
_DIGIT = re.compile("[0-9]")


def parse(text: str | None, region: str) -> list[str]:
    """Every number of a cell in E.164, in the order written; extensions are dropped.

    A number counts where its length is possible in its country. Without a country code it is one of `region` (ISO 3166),
    or, where that cannot be, of the country whose code it begins with.
    """
    if not text:
        return []
    found: list[str] = []
    for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)):
        numbers = [_e164(part, region)]
        if numbers == [None]:  # two numbers with nothing but a space between
            pieces = _SEVERAL.findall(part)
            numbers = [_e164(piece, region) for piece in pieces] if len(pieces) > 1 else []
        found += [number for number in numbers if number and number not in found]
    return found


def _e164(text: str, region: str) -> str | None:
    written = _REMARK.sub("", _EXTENSION.sub("", text).replace("_", " ").strip()).strip()
    if len(_DIGIT.findall(written)) < LEAST_DIGITS:
        return None
    found = _possible(written, region)
    if found is None and "+" not in written:
        digits = "".join(_DIGIT.findall(written))
        abroad = _possible("+" + digits.removeprefix("00"), None)
        # ten digits and fewer are a number without its area code rather than one from abroad
        return abroad if digits.startswith("00") or (abroad and len(digits) > 10) else None
    return found


def _possible(written: str, region: str | None) -> str | None:
    try:
        number = phonenumbers.parse(written, region)
    except NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`phone_numbers(text, region)` → list of E.164 numbers."""
    register_rows(connection, "phone_numbers", parse, ["varchar", "varchar"], "varchar[]")
