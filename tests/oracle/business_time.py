"""Business time: how much of it lies between two moments, and when some of it has passed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import polars as pl

from .company import WEEK, Company

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000


@dataclass(frozen=True)
class BusinessTime:
    """Opening hours between two days as moments (microseconds since 1970, UTC), and what had passed before each."""

    opens: np.ndarray
    closes: np.ndarray
    before: np.ndarray

    def passed(self, moments: np.ndarray) -> np.ndarray:
        """Microseconds of business time from the beginning up to each moment."""
        span = np.searchsorted(self.opens, moments, side="right") - 1
        inside = np.minimum(moments, self.closes[span]) - self.opens[span]
        return np.where(span < 0, 0, self.before[span] + inside)

    def reached(self, passed: np.ndarray) -> np.ndarray:
        """The first moment by which so much business time has passed (above nought); −1 where it never does."""
        span = np.searchsorted(self.before + self.closes - self.opens, passed, side="left")
        there = np.minimum(span, len(self.opens) - 1)
        return np.where(span < len(self.opens), self.opens[there] + passed - self.before[there], -1)


def business_time(company: Company, first: date, last: date) -> BusinessTime:
    """The company's hours on the days from `first` to `last`: a special day's, none on a holiday, else the weekday's."""
    spans = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        usual = [] if day in company.holidays else company.business_hours.get(WEEK[day.weekday()]) or []
        for hours in company.special_hours.get(day, usual) or []:
            opens, closes = hours.split("-")
            spans.append((_moment(company, day, opens), _moment(company, day, closes)))
    spans = sorted(span for span in spans if span[0] < span[1]) or [(0, 0)]
    opens, closes = np.array(spans, dtype=np.int64).T
    return BusinessTime(opens, closes, np.concatenate([[0], np.cumsum(closes - opens)[:-1]]))


def _moment(company: Company, day: date, clock: str) -> int:
    """The wall time's moment; of two with one wall time the first."""
    if clock == "24:00":
        moment = company.midnight(day + timedelta(days=1))
    else:
        moment = datetime.combine(day, time.fromisoformat(clock), company.midnight(day).tzinfo)
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)


def answer_times(
    cases: pl.DataFrame, company: Company, as_of: datetime, minutes: int, done: str = "first_response_at"
) -> pl.DataFrame:
    """Cases with `due` (null: not by `as_of`) and `micros`, the business time until they were `done` (null: not done)."""
    if cases.is_empty():
        return cases.with_columns(due=pl.lit(None, cases["opened_at"].dtype), micros=pl.lit(None, pl.Int64))
    first, last = min(cases["opened_at"]), max([as_of, *cases[done].drop_nulls()])
    hours = business_time(company, company.day(first), company.day(last))
    opened = hours.passed(cases["opened_at"].to_physical().to_numpy())
    moment = cases[done].to_physical()
    taken = hours.passed(moment.fill_null(0).to_numpy()) - opened
    due = hours.reached(opened + minutes * MINUTE)
    until = (as_of.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
    return cases.with_columns(
        due=pl.when((pl.Series(due) >= 0) & (pl.Series(due) <= until))
        .then(pl.Series(due))
        .cast(cases["opened_at"].dtype),
        micros=pl.when(moment.is_not_null()).then(pl.Series(np.maximum(taken, 0))),
    )
