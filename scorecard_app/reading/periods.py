"""Calendar arithmetic of periods."""

from datetime import date


def end_of(kind: str, start: date) -> date:
    """First day after the period."""
    months = {"month": 1, "quarter": 3, "year": 12}[kind]
    place = start.year * 12 + start.month - 1 + months
    return date(place // 12, place % 12 + 1, 1)


def months_before(day: date, months: int) -> date:
    """First day of the month that lies so many months before the day's."""
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)
