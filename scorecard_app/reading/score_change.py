"""What moved a unit's score since the period before: each KPI's share of the score, now less then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scorecard_app.queries import Queries, Row


@dataclass(frozen=True)
class Moved:
    """A KPI's part in the change; `entered` or `left` where it was scored in one of the two periods only."""

    kpi_id: str
    change: float
    entered: bool = False
    left: bool = False


@dataclass(frozen=True)
class Change:
    """From the score `before`, of the period that began on `since`, to the score `now`; greatest movements first."""

    since: date
    before: float
    now: float
    moved: list[Moved]


def points(rows: Sequence[Row]) -> dict[str, float]:
    """Each scored KPI's points, weight × attainment ÷ scored weight; they add up to the score."""
    scored = [row for row in rows if row["attainment"] is not None]
    weight = sum(row["weight"] for row in scored)
    return {row["kpi_id"]: row["weight"] * row["attainment"] / weight for row in scored}


def score_change(data: Queries, unit: str, kind: str, start: date) -> Change | None:
    """The change against the latest earlier period of the kind that has a score; None where either has none."""
    scores = data.rows(
        "from department_scores where org_unit_id = $unit and period_kind = $kind and period_start <= $start "
        "and score is not null order by period_start desc limit 2",
        unit=unit, kind=kind, start=start,
    )  # fmt: skip
    if len(scores) < 2 or scores[0]["period_start"] != start:
        return None
    since = scores[1]["period_start"]
    now, before = points(data.agreed(unit, kind, start)), points(data.agreed(unit, kind, since))
    moved = [
        Moved(kpi_id, now.get(kpi_id, 0.0) - before.get(kpi_id, 0.0), kpi_id not in before, kpi_id not in now)
        for kpi_id in now | before
    ]
    moved.sort(key=lambda one: (-abs(one.change), one.kpi_id))
    return Change(since, scores[1]["score"], scores[0]["score"], moved)
