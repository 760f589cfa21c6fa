"""The deep review of a quarter or a year: who and where each KPI leans, where cases fall short, what people said."""

from datetime import date

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.funnel import funnel
from scorecard_app.charts.pareto import pareto
from scorecard_app.charts.theme import LIGHT
from scorecard_app.queries import Queries, Row
from scorecard_app.reading import health, journey
from scorecard_app.reading.findings import ICONS, findings
from scorecard_app.reading.notes import field_notes, themes
from scorecard_app.reading.periods import end_of
from scorecard_app.reading.tables import has_table

NOTES, CHARTS = 12, 4


def deep_review(data: Queries, voice: Voice, unit: str, kind: str, start: date, charts: dict[str, Row]) -> Row:
    """Sections of the deep review; charts go into `charts`."""
    kpis = data.kpis()
    agreed = [row["kpi_id"] for row in data.agreed(unit, kind, start) if row["kpi_id"] in kpis]
    measured = [row["kpi_id"] for row in data.measured(unit, kind, start) if row["kpi_id"] in kpis]
    ids = list(dict.fromkeys([*agreed, *measured]))
    return {
        "says": {key: voice.say(key) for key in ("diagnose_findings", "diagnose_findings_note", "company_units", "company_units_plain", "diagnose_slices", "pack_leaning", "diagnose_pareto", "diagnose_pareto_note", "diagnose_notes", "diagnose_notes_note")},
        "findings": _findings(data, voice, unit, kind, start),
        "leaning": _leaning(data, voice, unit, kind, start, kpis, ids),
        "units": _units(data, voice, unit, kind, start, kpis, ids, charts),
        "paretos": _paretos(data, voice, unit, kind, start, kpis, ids, charts),
        "notes": _notes(data, voice, kind, start),
    }  # fmt: skip


def _findings(data: Queries, voice: Voice, unit: str, kind: str, start: date) -> Row | None:
    """What the rules of diagnosis found, the most pressing first, with the evidence of each."""
    found = findings(data, voice, unit, kind, start) if has_table(data, "diagnoses") else []
    lines = [
        [f"{ICONS[one.severity]} {voice.label(one.severity)}", one.sentence, " · ".join(text for text in (one.rule, one.evidence) if text)]
        for one in found
    ]  # fmt: skip
    head = [voice.say(key) for key in ("finding_severity", "finding", "finding_evidence")]
    return {"head": head, "lines": lines} if lines else None


def _leaning(
    data: Queries, voice: Voice, unit: str, kind: str, start: date, kpis: dict[str, Row], ids: list[str]
) -> Row | None:
    """Parts whose interval is clear of the whole's value, by KPI: where to look first."""
    rows = data.rows(
        "select v.*, a.value as overall from kpi_values as v inner join kpi_values as a on a.kpi_id = v.kpi_id "
        "and a.org_unit_id = v.org_unit_id and a.period_kind = v.period_kind and a.period_start = v.period_start "
        "and a.slice_dimension = 'all' where v.org_unit_id = $unit and v.period_kind = $kind and v.period_start = $start "
        "and v.slice_dimension != 'all' and v.value is not null order by v.kpi_id, v.slice_dimension, v.slice_value",
        unit=unit, kind=kind, start=start,
    )  # fmt: skip
    lines = []
    for row in rows:
        kpi = kpis.get(row["kpi_id"])
        lean = journey.leaning(row, kpi["direction"]) if kpi and row["kpi_id"] in ids else "unknown"
        if kpi and lean in ("better", "worse"):
            icon = {"better": "▲", "worse": "▼"}[lean]
            span = fmt.span(voice.measure(row["ci_low"], kpi), voice.measure(row["ci_high"], kpi), voice.language)
            lines.append([voice.of(kpi, "label"), f"{voice.label(row['slice_dimension'])}: {voice.part(row['slice_dimension'], row['slice_value'])}", f"{icon} {voice.say(lean)}", voice.measure(row["value"], kpi), span, voice.measure(row["overall"], kpi), fmt.number(row["n"])])  # fmt: skip
    head = [
        voice.say(key)
        for key in ("kpi", "slice", "journey_compared", "value", "interval_title", "journey_whole", "n_title")
    ]
    return {"head": head, "lines": lines} if lines else None


def _units(data: Queries, voice: Voice, unit: str, kind: str, start: date, kpis: dict[str, Row], ids: list[str], charts: dict[str, Row]) -> list[Row]:  # fmt: skip
    """The units below, side by side for the first KPIs that at least two of them have."""
    below = [one for one, row in data.units().items() if row["parent_org_unit_id"] == unit]
    both = [one for one in ids if one in set(health.comparable(data, below, kind, start))] if below else []
    named = {row["org_unit_id"]: voice.of(row, "name") for row in data.rows("from org_units")}
    drawn = []
    for kpi_id in both[:CHARTS]:
        cells = [row for row in health.side_by_side(data, kpi_id, below, kind, start) if row["value"] is not None]
        rows = [row | {"label": named[row["org_unit_id"]]} for row in cells]
        whole = next((cell["value"] for cell in data.measured(unit, kind, start) if cell["kpi_id"] == kpi_id), None)
        centre = next((row["centre"] for row in cells if row.get("centre") is not None), whole)
        charts[f"units_{kpi_id}"] = funnel(rows, centre, kpis[kpi_id], voice, LIGHT)
        drawn.append({"name": voice.of(kpis[kpi_id], "label"), "chart": f"units_{kpi_id}"})
    return drawn


def _paretos(data: Queries, voice: Voice, unit: str, kind: str, start: date, kpis: dict[str, Row], ids: list[str], charts: dict[str, Row]) -> list[Row]:  # fmt: skip
    """Where most cases fall short, for KPIs that count them by touchpoint."""
    drawn = []
    for kpi_id in ids:
        short = journey.shortfalls(journey.touchpoints(data, kpi_id, unit, kind, start), kpis[kpi_id])
        if len(short) > 1 and len(drawn) < CHARTS:
            name = voice.of(kpis[kpi_id], "label")
            charts[f"pareto_{kpi_id}"] = pareto(
                [(voice.label(value), count) for value, count in short], name, voice, LIGHT
            )
            drawn.append({"name": name, "chart": f"pareto_{kpi_id}"})
    return drawn


def _notes(data: Queries, voice: Voice, kind: str, start: date) -> Row | None:
    """Field notes of the period: themes by number, and the newest."""
    until = end_of(kind, start)
    notes = [note for note in field_notes(data, until) if note["noted_at"].date() >= start]
    if not notes:
        return None
    counts = " · ".join(f"{voice.label(theme)} {count}" for theme, count in themes(notes).items())
    lines = [
        [fmt.day(note["noted_at"].date(), voice.language), voice.label(note["theme"]), note["text"] or ""]
        for note in notes[:NOTES]
    ]
    head = [voice.say(key) for key in ("note_day", "note_theme", "note_text")]
    return {"themes": counts, "head": head, "lines": lines}
