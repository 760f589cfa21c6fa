"""Months, quarters and years of company days."""

from dataclasses import dataclass
from datetime import date

from .units import month_starts

MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Period:
    """A calendar period of company days, from `start` up to but not including `end`."""

    kind: str
    start: date
    end: date


def period_of(kind: str, day: date) -> Period:
    """The month, quarter or year that a day lies in."""
    months = MONTHS[kind]
    first = (day.month - 1) // months * months
    over = first + months
    return Period(kind, date(day.year, first + 1, 1), date(day.year + over // 12, over % 12 + 1, 1))


def periods(event_days: list[date]) -> list[Period]:
    """Every month, quarter and year that holds a day between the first and the last business event."""
    months = month_starts(event_days[0], event_days[-1]) if event_days else ()
    found = {period_of(kind, month) for month in months for kind in MONTHS}
    return sorted(found, key=lambda period: (period.kind, period.start))
