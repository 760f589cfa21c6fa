"""The demo company's calendar: which months it covers and where they start in company time."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from demo_company.columns import DAY

OFFSET = 8 * 3600  # Asia/Shanghai has had no daylight saving since 1991
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The inverse of `day_number`."""
    return _EPOCH + timedelta(days=int(number))


def midnight(day: date) -> int:
    """UTC seconds of the company's midnight at the start of a day."""
    return day_number(day) * DAY - OFFSET


def next_month(day: date, months: int = 1) -> date:
    """First day of the month `months` after the one that holds `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True)
class Calendar:
    """`months` full months.

    Attributes:
        firsts: first days of the months and of the one after the last (months + 1 of them).
    """

    firsts: tuple[date, ...]

    @classmethod
    def until(cls, end: date, months: int) -> "Calendar":
        """The last `months` full months that end on or before `end`."""
        if months < 1:
            raise ValueError(f"months must be 1 or more, not {months}")
        stop = next_month(end + timedelta(days=1), 0)
        return cls(tuple(next_month(stop, back) for back in range(-months, 1)))

    @property
    def months(self) -> int:
        return len(self.firsts) - 1

    @property
    def start(self) -> int:
        """UTC seconds at which the data begin."""
        return midnight(self.firsts[0])

    @property
    def stop(self) -> int:
        """UTC seconds at which the data end, exclusive."""
        return midnight(self.firsts[-1])

    @property
    def edges(self) -> np.ndarray:
        """UTC seconds of every month's start and of the end."""
        return np.array([midnight(first) for first in self.firsts], dtype=np.int64)

    def month_of(self, seconds: np.ndarray) -> np.ndarray:
        """Index of the month that holds each time (clipped to the covered ones)."""
        return np.clip(np.searchsorted(self.edges, seconds, side="right") - 1, 0, self.months - 1)

    def last_day(self, month: int) -> date:
        """Last day of a month by index."""
        return self.firsts[month + 1] - timedelta(days=1)

    @property
    def correction_day(self) -> date:
        """Day on which corrections of earlier months arrive: shortly before the last regular files, where there are earlier ones."""
        return self.last_day(self.months - 1) - timedelta(days=3 if self.months > 1 else 0)

    def moment(self, share: float) -> int:
        """UTC seconds of the company midnight nearest to that share of the covered time."""
        days = (self.stop - self.start) // DAY
        return self.start + round(days * share) * DAY

    def day_at(self, share: float) -> date:
        """The company day of `moment(share)`."""
        return day_of((self.moment(share) + OFFSET) // DAY)
