"""Scorecards of a version that nobody was told of yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

Told = tuple[str, str, str]
NEWEST = """
    select s.org_unit_id, max(u.name_en), max(u.name_zh), s.period_kind, s.period_start, max(s.score),
        count(*) filter (where c.verdict = 'met'),
        count(*) filter (where c.verdict = 'uncertain'),
        count(*) filter (where c.verdict = 'missed')
    from department_scores as s
    inner join org_units as u on s.org_unit_id = u.org_unit_id
    left join scorecards as c
        on s.org_unit_id = c.org_unit_id and s.period_kind = c.period_kind and s.period_start = c.period_start
    where s.period_kind in ('month', 'quarter')
        and s.period_start = (
            select max(n.period_start) from department_scores as n
            where n.org_unit_id = s.org_unit_id and n.period_kind = s.period_kind
        )
    group by s.org_unit_id, s.period_kind, s.period_start
    order by s.org_unit_id, s.period_kind
"""


@dataclass(frozen=True)
class Scorecard:
    """A unit's scorecard of its last complete month or quarter; `score` is null where there is none, with a `reason`."""

    unit: str
    name_en: str
    name_zh: str
    kind: str
    start: date
    score: float | None
    met: int
    uncertain: int
    missed: int

    @property
    def period(self) -> str:
        """2026-10 or 2026-Q3, as `loyalty export` takes it."""
        return f"{self.start:%Y-%m}" if self.kind == "month" else f"{self.start.year}-Q{(self.start.month + 2) // 3}"

    @property
    def key(self) -> Told:
        """What is remembered once it was told."""
        return self.unit, self.kind, self.start.isoformat()


def news(published: Path, units: Collection[str], told: Collection[Told]) -> list[Scorecard]:
    """The newest monthly and quarterly scorecard of each of `units` that is not among `told`, in order of unit and kind.

    Only the newest: a company that adds a channel is not told of years.

    Args:
        published: A version's folder.
        units: Ids of org units; one without scorecards has no news.
        told: `Scorecard.key` of what was told before.
    """
    with duckdb.connect() as version:
        for table in ("department_scores", "scorecards", "org_units"):
            version.read_parquet(str(published / f"{table}.parquet")).create_view(table)
        found = version.sql(NEWEST).fetchall()
    newest = [Scorecard(*row) for row in found]
    return [one for one in newest if one.unit in set(units) and one.key not in set(told)]
