"""How results read in a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from orchestration.identity.decisions import Decision
    from orchestration.landing.check import CheckReport
    from orchestration.landing.quarantine import Refused
    from scorecard_app.published import Published

LISTED = 50
COLOURS = {"green": "green", "amber": "yellow", "red": "red", "grey": "bright_black"}
ICONS = {"green": "●", "amber": "◐", "red": "○", "grey": "–"}


def _console() -> Console:
    """Wide enough where nobody looks at a real terminal (a log, a pipe); no markup: texts are data."""
    probe = Console()
    return probe if probe.is_terminal else Console(width=150, markup=False, highlight=False)


def show_check(report: "CheckReport") -> None:
    """What would become of a file."""
    console = _console()
    console.print(
        f"{report.path} as {report.dataset}: {report.status}; {report.received} rows received, "
        f"{report.loaded} would be loaded, {report.duplicate} duplicates, {report.superseded} superseded, "
        f"{report.quarantined} refused"
    )
    for note in report.notes:
        console.print(f"  note: {note}")
    show_refused(report.refused, console)


def show_refused(entries: Sequence["Refused"], console: Console | None = None) -> None:
    """What was refused, where, why, and what to do; values are never shown."""
    console = console or _console()
    if not entries:
        console.print("nothing is refused")
        return
    for entry in entries[:LISTED]:
        place = f"{entry.path}" + (f", line {entry.line}" if entry.line else "")
        column = f", column {entry.column}" if entry.column else ""
        state = " (dismissed)" if entry.dismissed else " (cleared)" if entry.cleared else ""
        console.print(f"{place}{column}: {entry.code}: {entry.sentence}{state}")
        console.print(f"    → {entry.how_to_clear}")
    if len(entries) > LISTED:
        console.print(f"… and {len(entries) - LISTED} more; all of them with --json")


def show_decisions(decisions: Sequence["Decision"]) -> None:
    """What people decided about records, oldest first."""
    console = _console()
    if not decisions:
        console.print("nothing is decided")
    for decision in decisions:
        state = "" if decision.in_force else f" (revoked {decision.revoked_at} by {decision.revoked_by})"
        console.print(
            f"{decision.decision_id}  {decision.kind.replace('_', '-')}  {':'.join(decision.left)}  "
            f"{':'.join(decision.right)}  {decision.decided_at}  {decision.decided_by}: {decision.reason}{state}",
            soft_wrap=True,
        )


def scorecard_rows(published: "Published", unit: str | None, period_kind: str) -> dict[str, Any]:
    """Scores and their rows of the last complete period, for programs."""
    start = next((start for start, complete in published.periods(period_kind).items() if complete), None)
    units = [unit] if unit else list(published.units())
    cards = []
    for one in units:
        rows = published.agreed(one, period_kind, start) if start else []
        if start and rows:
            cards.append({"org_unit_id": one, "score": published.score(one, period_kind, start), "kpis": rows})
    return {
        "version": published.about.name,
        "as_of": published.about.as_of,
        "demo": published.about.demo,
        "period_kind": period_kind,
        "period_start": start,
        "scorecards": cards,
    }


def show_scorecards(published: "Published", unit: str | None, period_kind: str, language: str) -> None:
    """A table per scorecard, then where to look next."""
    console = _console()
    content = scorecard_rows(published, unit, period_kind)
    units, kpis, labels = published.units(), published.kpis(), published.labels()
    name, label = f"name_{language}", f"label_{language}"

    def words(code: str | None) -> str:
        return labels[code][language] if code in labels else code or ""

    demo = "  [demo company]" if published.about.demo else ""
    console.print(
        f"\n{words(period_kind)} {content['period_start'] or '–'}, as of {published.about.as_of:%Y-%m-%d %H:%M} UTC{demo}"
    )
    for card in content["scorecards"]:
        score = card["score"]
        headline = "no score: " + words(score["reason"]) if score["score"] is None else f"score {score['score']:.1f}"
        table = Table(title=Text(f"{units[card['org_unit_id']][name]}: {headline}"), title_justify="left")
        for heading in ("KPI", "value", "95 % interval", "n", "target", "attainment", "weight", "verdict"):
            table.add_column(heading, justify="left" if heading in ("KPI", "verdict") else "right")
        for row in card["kpis"]:
            kpi = kpis.get(row["kpi_id"])
            verdict = words(row["reason"]) if row["reason"] else words(row["verdict"])
            table.add_row(
                kpi[label] if kpi else row["kpi_id"],
                _figure(row["value"]),
                "–" if row["ci_low"] is None else f"{row['ci_low']:.1f} … {row['ci_high']:.1f}",
                "–" if row["n"] is None else f"{row['n']:,}",
                _figure(row["target"]),
                _figure(row["attainment"]),
                f"{row['weight']:g}",
                Text(f"{ICONS[row['rag']]} {verdict}", style=COLOURS[row["rag"]]),
            )
        console.print(table)
    if not content["scorecards"]:
        console.print("no scorecards yet: they need targets (data/landing/targets/) and a complete period")
    console.print("pages: make app · Dagster: make dev · refused rows: loyalty quarantine")


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
