"""Notes on KPIs: what a head of department says about a red one. Added, never changed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session as Work

from scorecard_app.store.tables import KpiNote

LONGEST = 2_000


@dataclass(frozen=True)
class Note:
    """Who said what, and when."""

    written_at: datetime
    written_by: str
    text: str


class Notes:
    """All notes of a company. Who may read or write which is the caller's to know."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, unit: str, kind: str, start: date) -> dict[str, list[Note]]:
        """A unit's notes of a period by KPI, the newest first."""
        wanted = (
            select(KpiNote)
            .where(KpiNote.org_unit_id == unit, KpiNote.period_kind == kind, KpiNote.period_start == start)
            .order_by(KpiNote.note_id.desc())
        )
        found: dict[str, list[Note]] = {}
        with Work(self._engine) as work:
            for row in work.scalars(wanted):
                found.setdefault(row.kpi_id, []).append(Note(row.written_at, row.written_by, row.text))
        return found

    def write(
        self, unit: str, kind: str, start: date, kpi_id: str, version: str, by: str, text: str, now: datetime
    ) -> None:
        """Add a note; `version` is the one that its writer saw.

        Raises ValueError where it says nothing or is longer than 2,000 characters.
        """
        said = text.strip()
        if not said or len(said) > LONGEST:
            raise ValueError(f"a note has 1 to {LONGEST} characters")
        with Work(self._engine) as work, work.begin():
            work.add(
                KpiNote(
                    org_unit_id=unit,
                    period_kind=kind,
                    period_start=start,
                    kpi_id=kpi_id,
                    version=version,
                    written_at=now,
                    written_by=by,
                    text=said,
                )
            )
