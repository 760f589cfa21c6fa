"""The content of an export, in no format yet: units with their score, each with its agreed KPIs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scorecard_app.exports import periods
from scorecard_app.exports.periods import Period
from scorecard_app.queries import About, Queries, Row


class NoScorecards(Exception):
    """The period is complete, but nobody in question had a target in force."""


class UnknownUnit(Exception):
    """A unit was asked for that the version does not know."""


@dataclass(frozen=True)
class Report:
    """One period of one version. `units` are in the tree's order, each with its `kpis`, heaviest first.

    `gaps` are months of the period (2026-03) without a single value: the data began later, ended sooner or paused.
    """

    about: About
    period: Period
    gaps: list[str]
    units: list[Row]
    catalogue: dict[str, Row]
    labels: dict[str, Row]

    def rows(self) -> list[Row]:
        """One flat row per unit and KPI: period, unit, score, KPI."""
        head: Row = {
            "version": self.about.name, "demo": self.about.demo, "period": self.period.code,
            "period_kind": self.period.kind, "period_start": self.period.start, "period_end": self.period.end,
            "months_without_data": " ".join(self.gaps) or None,
        }  # fmt: skip
        return [head | {**unit, "kpis": None} | kpi for unit in self.units for kpi in unit["kpis"]]


def collect(published: Queries, code: str | None = None, only: Sequence[str] = ()) -> Report:
    """Gather the scorecards of a period, of all units or of those in `only`.

    Raises UnknownPeriod, UnknownUnit or NoScorecards, each with a text for a person.
    """
    period = periods.choose(published, code)
    units, labels = published.units(), published.labels()
    scores = {
        row["org_unit_id"]: row
        for row in published.rows(
            "from department_scores where period_kind = $kind and period_start = $start order by org_unit_id",
            kind=period.kind, start=period.start,
        )
    }  # fmt: skip
    unknown = [unit for unit in only if unit not in units and unit not in scores]
    if unknown:
        raise UnknownUnit(f"there is no unit '{unknown[0]}'; units: {', '.join(units)}")
    without = [unit for unit in only if unit not in scores]
    if without or not scores:
        whose = f" of {', '.join(without)}" if without else ""
        raise NoScorecards(
            f"there is no scorecard{whose} in {period.code}: no target was in force that had been agreed in time; "
            f"deliver targets and run again; {periods.which_exist(published)}"
        )
    catalogue = published.kpis()
    named = {row["org_unit_id"]: row for row in published.rows("from org_units")}  # where a KPI is measured, too
    # A target may name a unit that left the tree: it comes last, under its id, rather than not at all.
    ordered = [unit for unit in [*units, *(unit for unit in scores if unit not in units)] if unit in scores]
    chosen = [
        _unit(unit, units, scores[unit], labels)
        | {
            "kpis": [
                _kpi(row, named, catalogue, labels, published.about)
                for row in published.agreed(unit, period.kind, period.start)
            ]
        }
        for unit in ordered
        if not only or unit in only
    ]
    shown = {kpi["kpi_id"] for unit in chosen for kpi in unit["kpis"]}
    held = published.periods("month")
    gaps = [Period("month", month).code for month in period.months if month not in held]
    used = {kpi_id: row for kpi_id, row in catalogue.items() if kpi_id in shown}
    return Report(published.about, period, gaps, chosen, used, labels)


def _unit(unit: str, units: dict[str, Row], score: Row, labels: dict[str, Row]) -> Row:
    known = units.get(unit, {})
    return {
        "org_unit_id": unit,
        **_names("unit", known, "name", unit),
        "parent_org_unit_id": known.get("parent_org_unit_id"),
        "unit_kind": known.get("kind"),
        "unit_function": known.get("function"),
        "score": score["score"],
        "scored_weight": score["scored_weight"],
        **_coded("score_rag", score["rag"], labels),
        **_coded("score_reason", score["reason"], labels),
    }


def _kpi(row: Row, units: dict[str, Row], catalogue: dict[str, Row], labels: dict[str, Row], about: About) -> Row:
    kpi = catalogue.get(row["kpi_id"], {})
    measured = row["measured_org_unit_id"]
    unit = kpi.get("unit")
    copied = ("value", "ci_low", "ci_high", "n", "threshold", "band_low", "band_high", "target", "stretch", "weight", "attainment")  # fmt: skip
    return {
        "kpi_id": row["kpi_id"],
        **_names("kpi", kpi, "label", row["kpi_id"]),
        **_coded("value_unit", unit, {"currency": dict.fromkeys(("en", "zh"), about.currency)} | labels),
        **_coded("direction", kpi.get("direction"), labels),
        **{name: row.get(name) for name in copied},  # bands only where this version publishes them
        **_coded("verdict", row["verdict"], labels),
        **_coded("rag", row["rag"], labels),
        **_coded("reason", row["reason"], labels),
        "measured_org_unit_id": measured,
        **_names("measured_unit", units.get(measured, {}), "name", measured),
        "basis": row["basis"],
        "weak_share": row["weak_share"],
    }


def _names(stem: str, row: Row, column: str, otherwise: str | None) -> dict[str, Any]:
    """Both languages' names of a thing; its id where it has none."""
    english, chinese = row.get(f"{column}_en"), row.get(f"{column}_zh")
    return {f"{stem}_en": english or chinese or otherwise, f"{stem}_zh": chinese or english or otherwise}


def _coded(stem: str, code: str | None, labels: dict[str, Row]) -> dict[str, Any]:
    """A code with its published words; the code itself where none were published."""
    words = labels.get(code or "", {})
    return {stem: code, f"{stem}_en": words.get("en") or code, f"{stem}_zh": words.get("zh") or code}
