"""Why a number is what it is: findings of the rules, its course beside our actions, who and where, and people's words."""

from datetime import date
from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts.trend import SIGNALS, trend
from scorecard_app.choices import choose
from scorecard_app.queries import Row
from scorecard_app.reading import series
from scorecard_app.reading.actions import Action, business_actions, by_month
from scorecard_app.reading.details import durations
from scorecard_app.reading.notes import field_notes, themes
from scorecard_app.reading.periods import end_of, months_before
from scorecard_app.view import View
from scorecard_app.views.parts import details, findings
from scorecard_app.views.parts.headings import heading, section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.shortfalls import shortfalls
from scorecard_app.views.parts.slices import slices
from scorecard_app.views.parts.tables import Column, table, words
from scorecard_app.views.parts.trends import actions_table, key

MONTHS = 24


def page(view: View) -> None:
    """The whole page."""
    heading(view, view.voice.say("page_diagnose"))
    findings.draw(view)
    cells = [cell for cell in view.data.measured(view.unit, *view.at) if cell["value"] is not None]
    if not cells:
        view.show(f'<p class="muted">{escape(view.voice.say("diagnose_no_kpi"))}</p>')
        return
    kpis, ids = view.data.kpis(), [cell["kpi_id"] for cell in cells]
    kpi = kpis[choose("kpi", ids, ids[0], lambda one: view.voice.of(kpis[one], "label"), view.voice)]
    until = end_of(view.kind, view.start)
    actions = business_actions(view.data, view.data.about.timezone, months_before(until, MONTHS), until)
    months = [
        row for row in series.monthly(view.data, kpi["kpi_id"], view.unit, view.unit)
        if months_before(until, MONTHS) <= row["period_start"] < until
    ]  # fmt: skip
    _course(view, kpi, months, actions)
    slices(view, kpi, months, actions)
    shortfalls(view, kpi)
    _notes(view, until)


def _course(view: View, kpi: Row, months: list[Row], actions: list[Action]) -> None:
    """The long trend with numbered actions, what stands out, and the actions' list."""
    voice = view.voice
    with st.container(border=True, key="course"):
        section(view, "diagnose_course")
        marks = by_month(actions)
        chart = trend(months, kpi, voice, view.look, view.start if view.kind == "month" else None, marks, 280)
        if chart:
            view.show(key(months, kpi, voice, bool(marks)))
            picture(view, chart)
        view.show(details.beside(view, kpi, view.unit))
        until = end_of(view.kind, view.start)
        details.course(view, kpi, durations(view.data, kpi["kpi_id"], view.unit, months_before(until, MONTHS), until))
        signals = [row for row in months if row["signal"] in SIGNALS]
        said = [_signal(view, row, actions) for row in signals[-4:]] or [voice.say("diagnose_calm")]
        view.show("<ul>" + "".join(f"<li>{escape(one)}</li>" for one in said) + "</ul>")
        if actions:
            actions_table(view, actions)


def _signal(view: View, row: Row, actions: list[Action]) -> str:
    """A signal in a sentence, with the actions that began in the month before, in it or after it."""
    voice, month = view.voice, row["period_start"]
    near = [one for one in actions if abs((one.month.year - month.year) * 12 + one.month.month - month.month) <= 1]
    named = {"month": fmt.period("month", month, voice.language), "signal": voice.label(row["signal"])}
    if not near:
        return voice.say("diagnose_signal", **named)
    names = "; ".join(f"{one.number} {voice.of(one.row, 'name')}" for one in near)
    return voice.say("diagnose_near", actions=names, **named)


def _notes(view: View, until: date) -> None:
    """Field notes, by theme."""
    voice = view.voice
    with st.container(border=True, key="notes"):
        section(view, "diagnose_notes", "diagnose_notes_note")
        notes = field_notes(view.data, until)
        if not notes:
            view.show(f'<p class="muted">{escape(voice.say("diagnose_no_notes"))}</p>')
            return
        counts = themes(notes)
        picked = st.pills(
            voice.say("note_theme"),
            list(counts),
            format_func=lambda theme: f"{voice.label(theme)} · {counts[theme]}",
            key="theme",
        )
        rows = [note for note in notes if not picked or note["theme"] == picked]
        columns = [
            Column(voice.say("note_day"), lambda row: fmt.day(row["noted_at"].date(), voice.language), lambda row: row["noted_at"].date()),
            words(voice.say("note_theme"), lambda row: voice.label(row["theme"])),
            words(voice.say("note_text"), lambda row: row["text"] or ""),
            words(voice.say("note_who"), lambda row: " · ".join(voice.label(row[key]) for key in ("author_role", "touchpoint") if row[key])),
        ]  # fmt: skip
        table(view, "field-notes", voice.say("diagnose_notes"), columns, rows[:40])
