"""What stands around a trend: the legend that names only what is on it, and the list of numbered actions."""

from collections.abc import Sequence
from html import escape

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.marks import broken_at
from scorecard_app.charts.trend import SIGNALS, every_month
from scorecard_app.queries import Row
from scorecard_app.reading.actions import Action, kind_label
from scorecard_app.view import View
from scorecard_app.views.parts.tables import Column, table, words


def key(months: Sequence[Row], kpi: Row, voice: Voice, has_actions: bool = False) -> str:
    """The chart's legend as HTML."""
    marks = [("v", "legend_value")]
    if any(row["ci_low"] is not None for row in months):
        marks.append(("b", "legend_interval"))
    if any(row.get("target") is not None for row in months):
        marks.append(("t", "legend_target"))
    if any(row.get("upper_limit") is not None for row in months):
        marks.append(("l", "legend_limits"))
    if any(row.get("signal") in SIGNALS for row in months):
        marks.append(("s", "legend_signal"))
    if has_actions:
        marks.append(("a", "legend_action"))
    if broken_at(kpi, [row["period_start"] for row in months]):
        marks.append(("n", "legend_definition"))
    if any(row["status"] == "provisional" for row in months):
        marks.append(("o", "legend_open"))
    spans = "".join(f'<span><i class="{mark}"></i>{escape(voice.say(text))}</span>' for mark, text in marks)
    calendar = every_month(months[0]["period_start"], months[-1]["period_start"])
    if len(calendar) > sum(row["value"] is not None for row in months):
        spans += f"<span>{escape(voice.say('legend_gap'))}</span>"
    points = max((row.get("baseline_points") or 0 for row in months), default=0)
    if 0 < points < 12:
        spans += f"<span>{escape(voice.say('provisional_limits', months=str(points)))}</span>"
    return f'<div class="lc-key"><b>{escape(voice.say("trend"))}</b>{spans}</div>'


def actions_table(view: View, actions: Sequence[Action]) -> None:
    """The numbered actions beside a chart, to read and to take away."""
    voice = view.voice
    rows = [{"action": one} for one in actions]

    def last(row: Row) -> str:
        return fmt.day(row["action"].last, voice.language) if row["action"].last else fmt.NONE

    columns = [
        Column("#", lambda row: str(row["action"].number), lambda row: row["action"].number, numeric=True),
        words(voice.say("action"), lambda row: voice.of(row["action"].row, "name")),
        words(voice.say("action_type"), lambda row: kind_label(row["action"], voice)),
        Column(voice.say("action_begins"), lambda row: fmt.day(row["action"].first, voice.language), lambda row: row["action"].first),
        Column(voice.say("action_ends"), last, lambda row: row["action"].last),
        words(voice.say("action_owner"), lambda row: view.unit_name(row["action"].row["owner_org_unit_id"] or "")),
    ]  # fmt: skip
    table(view, "actions", voice.say("action"), columns, rows, voice.say("coincidence"))
