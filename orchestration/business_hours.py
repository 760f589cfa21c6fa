"""Business hours as people write them in company.yml, and what they are in minutes."""

import itertools
import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")


def minutes(hours: str) -> tuple[int, int]:
    """Minutes after midnight at which hours written like 09:00-18:00 begin and end.

    Raises:
        ValueError: not written so, or ending before they begin.
    """
    found = _HOURS.fullmatch(hours)
    if not found:
        raise ValueError(f"'{hours}' are no hours; write them like 09:00-18:00 (24:00 is allowed at the end)")
    opens = int(found[1]) * 60 + int(found[2])
    closes = int(found[3]) * 60 + int(found[4]) if found[3] else 24 * 60
    if closes <= opens:
        raise ValueError(f"'{hours}' end before they begin; hours over midnight are two days' hours")
    return opens, closes


def _hours_of_a_day(ranges: list[str]) -> list[str]:
    spans = sorted(minutes(hours) for hours in ranges)
    for (_, closed), (opens, _) in itertools.pairwise(spans):
        if opens < closed:
            raise ValueError(f"{', '.join(ranges)} overlap")
    return ranges


HoursOfADay = Annotated[list[str], AfterValidator(_hours_of_a_day)]


def _open_somewhen(week: dict[Weekday, HoursOfADay]) -> dict[Weekday, HoursOfADay]:
    if not any(week.values()):
        raise ValueError("at least one weekday needs hours, or nothing would ever fall due")
    return week


def _dates_as_text(days: object) -> object:
    # YAML reads 2026-10-10 as a date; as text it stands in an error message as it was written
    return {str(day): hours for day, hours in days.items()} if isinstance(days, dict) else days


HoursByWeekday = Annotated[dict[Weekday, HoursOfADay], AfterValidator(_open_somewhen)]
HoursByDate = Annotated[dict[date, HoursOfADay], BeforeValidator(_dates_as_text)]
DEFAULT_WEEK: dict[Weekday, HoursOfADay] = {day: [] if day in ("sat", "sun") else ["09:00-18:00"] for day in WEEKDAYS}


class ServiceLevels(BaseModel):
    """What customers are promised, in minutes of business time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_response_minutes: int = Field(240, ge=1, le=60_000)
    resolution_minutes: int = Field(1_620, ge=1, le=600_000)
