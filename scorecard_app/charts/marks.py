"""What stands upright in a course of months: business actions, and the month from which a KPI counts anew."""

from collections.abc import Mapping, Sequence
from datetime import date

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.theme import Look
from scorecard_app.queries import Row


def action_marks(actions: Mapping[date, str], records: Sequence[Row], voice: Voice, look: Look) -> list[Row]:
    """A thin upright line in each month in which actions began, with their numbers on top; none outside the months."""
    known = {record["month"] for record in records}
    marked = [{"month": fmt.short_month(month, voice.language), "mark": mark} for month, mark in actions.items()]
    marked = [one for one in marked if one["month"] in known]
    if not marked:
        return []
    data, colour = {"values": marked}, look.scale[0]
    x = {"field": "month", "type": "ordinal", "sort": None}
    rule = {"type": "rule", "color": colour, "opacity": 0.35, "strokeWidth": 1}
    text = {
        "type": "text",
        "baseline": "top",
        "align": "left",
        "dx": 4,
        "color": colour,
        "fontSize": 11,
        "fontWeight": 600,
    }
    number = {"field": "mark", "type": "nominal"}
    return [
        {"data": data, "mark": rule, "encoding": {"x": x}},
        {"data": data, "mark": text, "encoding": {"x": x, "y": {"value": 0}, "text": number}},
    ]


def broken_at(kpi: Row, months: Sequence[date]) -> date | None:
    """The month from which the definition in force counts, if older months stand before it: not to be compared."""
    since = kpi.get("definition_since")
    return since if since and months and min(months) < since <= max(months) else None


def definition_mark(kpi: Row, records: Sequence[Row], voice: Voice, look: Look) -> list[Row]:
    """A double-dashed upright line where the definition changed, with its version; none outside the months."""
    since = kpi.get("definition_since")
    month = fmt.short_month(since, voice.language) if since else ""
    if month not in [record["month"] for record in records[1:]]:
        return []
    data = {"values": [{"month": month, "mark": f"v{kpi['definition_version']}"}]}
    x = {"field": "month", "type": "ordinal", "sort": None}
    rule = {"type": "rule", "color": look.ink, "strokeDash": [6, 2, 2, 2], "strokeWidth": 1.6}
    text = {"type": "text", "baseline": "bottom", "align": "left", "dx": 4, "color": look.ink, "fontWeight": 600}
    place = {"value": {"expr": "height - 2"}}
    number = {"field": "mark", "type": "nominal"}
    return [
        {"data": data, "mark": rule, "encoding": {"x": x}},
        {"data": data, "mark": text, "encoding": {"x": x, "y": place, "text": number}},
    ]
