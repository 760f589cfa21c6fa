"""The engines and foundations of loyalty from the published `engines`: figures by engine and measure."""

from datetime import date

from scorecard_app.queries import Queries, Row
from scorecard_app.reading.journey import STAGES
from scorecard_app.reading.periods import end_of

ENGINES = ("perceived_value", "incentives", "experience", "feedback", "trust", "satisfaction", "motivation")
# Parts that have an order of their own, as customers meet them.
ORDER = (*STAGES, "response", "eta", "responsibility", "compensation", "follow_up")
# Measures of which the catalogue has no KPI, in per cent.
SHARES = frozenset(
    {"long_term", "incentive", "fresh_benefit", "growth_step", "unrewarded_after_start", "unrewarded_after_stop",
     "loyalty_kind", "badge", "complaint_step", "retention_after", "control_value"}
)  # fmt: skip
WHOLE = "all"


def figures(data: Queries, unit: str, kind: str, start: date) -> dict[str, dict[str, list[Row]]]:
    """Engine → measure → its figures in the period, each part once.

    A figure of the period itself comes before one of a month inside it, a later month before an earlier one: some are
    counted by quarter only, some by month. A measure that the period has no figure of shows its newest whole quarter of
    the year up to then.
    """
    until = end_of(kind, start)
    rows = data.rows(
        "from engines where org_unit_id = $unit and period_start >= $start and period_start < $until "
        "and value is not null and (period_kind = $kind or period_kind = 'month') "
        "order by engine, measure, subject, period_kind = $kind desc, period_start desc",
        unit=unit, kind=kind, start=start, until=until,
    )  # fmt: skip
    told = {(row["engine"], row["measure"]) for row in rows}
    rows += [
        row
        for row in data.rows(
            "from engines where org_unit_id = $unit and period_kind = 'quarter' and value is not null "
            "and period_start + interval 3 month <= $until and period_start + interval 1 year >= $until "
            "qualify period_start = max(period_start) over (partition by engine, measure) order by engine, measure, subject",
            unit=unit, until=until,
        )
        if (row["engine"], row["measure"]) not in told
    ]  # fmt: skip
    found: dict[str, dict[str, list[Row]]] = {engine: {} for engine in ENGINES}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        part = (row["engine"], row["measure"], row["subject"])
        if part not in seen:
            seen.add(part)
            found.setdefault(row["engine"], {}).setdefault(row["measure"], []).append(row)
    for measures in found.values():
        for figures_of in measures.values():
            figures_of.sort(key=_place)
    return {engine: measures for engine, measures in found.items() if measures}


def _place(row: Row) -> tuple[int, float, str]:
    """The whole first, then parts in their own order, else the greatest first."""
    if row["subject"] == WHOLE:
        return (-1, 0.0, "")
    at = ORDER.index(row["subject"]) if row["subject"] in ORDER else len(ORDER)
    return (at, -row["value"], row["subject"])
