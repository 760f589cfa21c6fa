"""Periods as people write them on a command line: 2026, 2026-Q1, 2026-03."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from scorecard_app.queries import Queries

MONTHS = {"month": 1, "quarter": 3, "year": 12}
LISTED = 12
_SHAPE = re.compile(r"(?P<year>\d{4})(?:-(?:[qQ](?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)


class UnknownPeriod(Exception):
    """No such period can be exported; the text says which can."""


@dataclass(frozen=True)
class Period:
    """A calendar month, quarter or year of company days."""

    kind: str
    start: date

    @classmethod
    def parse(cls, code: str) -> "Period | None":
        """The period that `code` names, or None where it names none."""
        found = _SHAPE.fullmatch(code.strip())
        if not found or found["year"] == "0000":
            return None
        year, quarter, month = int(found["year"]), found["quarter"], found["month"]
        if quarter:
            return cls("quarter", date(year, 3 * int(quarter) - 2, 1))
        return cls("month", date(year, int(month), 1)) if month else cls("year", date(year, 1, 1))

    @property
    def code(self) -> str:
        """2026, 2026-Q1 or 2026-03."""
        if self.kind == "quarter":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return f"{self.start:%Y-%m}" if self.kind == "month" else str(self.start.year)

    @property
    def months(self) -> list[date]:
        """The first days of its months."""
        first = self.start.year * 12 + self.start.month - 1
        return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + MONTHS[self.kind])]

    @property
    def end(self) -> date:
        """The period's last day."""
        last = self.months[-1]
        return last.replace(day=calendar.monthrange(last.year, last.month)[1])


def choose(published: Queries, code: str | None) -> Period:
    """The complete period that `code` names; without a code the last complete quarter.

    Raises UnknownPeriod where the code names none, or one that the version does not hold or that is still open.
    """
    if code is None:
        newest = last_complete(published, "quarter")
        if newest is None:
            raise UnknownPeriod(f"no quarter is complete in this version; {which_exist(published)}")
        return newest
    period = Period.parse(code)
    if period is None:
        raise UnknownPeriod(f"'{code}' is no period: write 2026, 2026-Q1 or 2026-03; {which_exist(published)}")
    known = published.periods(period.kind)
    if period.start not in known:
        raise UnknownPeriod(f"{period.code} is not in this version; {which_exist(published)}")
    if not known[period.start]:
        raise UnknownPeriod(
            f"{period.code} is still open: its values are provisional and nothing is scored; {which_exist(published)}"
        )
    return period


def last_complete(published: Queries, kind: str) -> Period | None:
    """The newest period of this kind that has ended; None where none has."""
    return next(iter(_complete(published, kind)), None)


def _complete(published: Queries, kind: str) -> list[Period]:
    return [Period(kind, start) for start, complete in published.periods(kind).items() if complete]


def which_exist(published: Queries) -> str:
    """For an error: the newest periods of each kind that have scorecards."""
    listed = []
    for kind in reversed(MONTHS):
        found = published.rows(
            "select distinct period_start from department_scores where period_kind = $kind", kind=kind
        )
        scored = {row["period_start"] for row in found}
        codes = [period.code for period in _complete(published, kind) if period.start in scored]
        if codes:
            listed.append(f"{kind}s: {', '.join(codes[:LISTED])}{', …' if len(codes) > LISTED else ''}")
    return f"scorecards exist for {'; '.join(listed)}" if listed else "no period has a scorecard yet"
