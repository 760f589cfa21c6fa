"""Birth dates as people, forms and spreadsheets write them."""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

import duckdb

from .arrow import register_rows

OLDEST_YEARS = 130
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_TIME = re.compile(r"(?<=\d)(?:t|\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:am|pm)?\s*(?:z|[+-]\d{2}:?\d{2})?$")
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.年 ])\s*(\d{1,2})\s*[-/.月 ]\s*(\d{1,2})\s*[日号號]?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*[-/. ]\s*(\d{4}|\d{2})")
_WITH_WORD = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[-\s.,/]*)?(?:of\s+)?([a-z]{3,9})[-\s.,/']*(?:(\d{1,2})(?:st|nd|rd|th)?[-\s.,/]+)?(\d{4}|\d{2})"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
_EXCEL_DAY_0 = date(1899, 12, 30)


class Readings(NamedTuple):
    """A written date read with the day before the month, and with the month before the day.

    Both are equal where the form leaves no choice, and one is None where it makes no date.
    """

    day_first: date | None
    month_first: date | None


NONE = Readings(None, None)


def parse(text: str | None, latest: date) -> Readings:
    """Both readings of a written birth date; `latest` is the last day on which anybody here can be born.

    A year of two digits is the last one that is not after `latest`. Dates of more than 130 years before are none.
    """
    if not text:
        return NONE
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = _TIME.sub("", plain).strip(" .,;")
    if found := _COMPACT.fullmatch(plain):
        year, month, day = map(int, found.groups())
        certain = _dated(year, month, day, latest)
        if certain is None:  # 04031990
            first, second, year = int(plain[:2]), int(plain[2:4]), int(plain[4:])
            return Readings(_dated(year, second, first, latest), _dated(year, first, second, latest))
        return Readings(certain, certain)
    if found := _YEAR_FIRST.fullmatch(plain):
        certain = _dated(int(found[1]), int(found[3]), int(found[4]), latest)
        return Readings(certain, certain)
    if found := _YEAR_LAST.fullmatch(plain):
        return _year_last(int(found[1]), found[2], int(found[3]), found[4], latest)
    if found := _WITH_WORD.fullmatch(plain):
        month, day = _MONTHS.get(found[2][:3]), found[1] or found[3]
        if month and day and not (found[1] and found[3]) and _is_month(found[2]):
            certain = _dated(_year(found[4], latest), month, int(day), latest)
            return Readings(certain, certain)
    if found := _SERIAL.fullmatch(plain):
        certain = _alive(_EXCEL_DAY_0 + timedelta(days=int(found[1])), latest)
        return Readings(certain, certain)
    return NONE


def _year_last(first: int, separator: str, second: int, year: str, latest: date) -> Readings:
    if first > 31 and len(year) == 2:  # 90-03-04
        certain = _dated(_year(f"{first:02}", latest), second, int(year), latest)
        return Readings(certain, certain)
    full = _year(year, latest)
    readings = Readings(_dated(full, second, first, latest), _dated(full, first, second, latest))
    if separator == "." and readings.day_first:
        return Readings(readings.day_first, readings.day_first)
    return readings


def _is_month(word: str) -> bool:
    names = "january february march april may june july august september october november december"
    return len(word) == 3 or word in names.split() or word == "sept"


def _year(digits: str, latest: date) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    century = latest.year // 100 * 100
    return century + year if century + year <= latest.year else century - 100 + year


def _dated(year: int, month: int, day: int, latest: date) -> date | None:
    try:
        return _alive(date(year, month, day), latest)
    except ValueError:
        return None


def _alive(day: date, latest: date) -> date | None:
    return day if latest.year - OLDEST_YEARS <= day.year and day <= latest else None


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """`birth_dates(text, latest)` → struct of `day_first` and `month_first`."""
    returns = dict.fromkeys(Readings._fields, "date")
    register_rows(connection, "birth_dates", parse, ["varchar", "date"], returns)
