"""The company at a glance: the few KPIs it watches, and its units side by side, as a funnel rather than a league."""

from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.charts.funnel import funnel
from scorecard_app.charts.trend import trend
from scorecard_app.choices import choose
from scorecard_app.queries import Row
from scorecard_app.reading import health
from scorecard_app.reading.series import monthly
from scorecard_app.view import View
from scorecard_app.views.parts.cells import interval, ratio, shown_value
from scorecard_app.views.parts.headings import heading
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.scores_below import scores_below
from scorecard_app.views.parts.tables import Column, figures, table, words

ACROSS = 3


def page(view: View) -> None:
    """The whole page."""
    heading(view)
    _health(view)
    _side_by_side(view)
    scores_below(view)


def _health(view: View) -> None:
    """A card for each watched KPI: value with its doubt, its course, whether it moved, its role and limitation."""
    voice = view.voice
    view.show(
        f'<h2>{escape(voice.say("company_health"))}</h2><p class="muted lc-small">{escape(voice.say("company_health_note"))}</p>'
    )
    cells = {cell["kpi_id"]: cell for cell in view.data.measured(view.unit, *view.at)}
    watched = [kpi for kpi in health.watched(view.data) if kpi["kpi_id"] in cells]
    if not watched:
        view.show(f'<p class="muted">{escape(voice.say("company_none"))}</p>')
    for begin in range(0, len(watched), ACROSS):
        for column, kpi in zip(st.columns(ACROSS), watched[begin : begin + ACROSS], strict=False):
            with column, st.container(border=True, key=f"health_{kpi['kpi_id']}"):
                _card(view, kpi, cells[kpi["kpi_id"]])


def _card(view: View, kpi: Row, cell: Row) -> None:
    voice = view.voice
    months = monthly(view.data, kpi["kpi_id"], view.unit, view.unit)
    view.show(f"<h3>{escape(voice.of(kpi, 'label'))}</h3>{cards.figure(cell, kpi, voice)}{ratio(view, cell, kpi)}")
    chart = trend(months, kpi, voice, view.look, view.start if view.kind == "month" else None, height=110)
    if chart:
        picture(view, chart)
    upto = [row for row in months if row["period_start"] <= view.start and row["value"] is not None]
    signal = upto[-1]["signal"] if upto else None
    said = voice.say("signal_unknown" if signal is None else "signal_none") if signal in (None, "none") else ""
    icon, text = ("≈", said) if said else ("◆", voice.label(signal))
    lines = (("good_for", "role"), ("limits", "limitation"))
    notes = "".join(f"<b>{escape(voice.say(key))}</b><span>{escape(voice.of(kpi, of))}</span>" for key, of in lines)
    view.show(f'<p class="lc-small">{icon} {escape(text)}</p><div class="lc-notes">{notes}</div>')


def _side_by_side(view: View) -> None:
    """One KPI at the units directly below: chart and table."""
    voice, kpis = view.voice, view.data.kpis()
    below = [unit for unit, row in view.units.items() if row["parent_org_unit_id"] == view.unit]
    ids = health.comparable(view.data, below, *view.at) if below else []
    if not below:
        return
    with st.container(border=True, key="side_by_side"):
        view.show(f"<h2>{escape(voice.say('company_units'))}</h2>")
        if not ids:
            view.show(f'<p class="muted">{escape(voice.say("company_too_few"))}</p>')
            return
        first = next((kpi["kpi_id"] for kpi in health.watched(view.data) if kpi["kpi_id"] in ids), ids[0])
        kpi_id = choose("kpi", ids, first, lambda one: voice.of(kpis[one], "label"), voice)
        kpi = kpis[kpi_id]
        rows = health.side_by_side(view.data, kpi_id, below, *view.at)
        for row in rows:
            row["label"], row["word"] = view.unit_name(row["org_unit_id"]), _word(view, row)
        whole = next((cell for cell in view.data.measured(view.unit, *view.at) if cell["kpi_id"] == kpi_id), {})
        shown = [row for row in rows if row["value"] is not None]
        centre = next((row["centre"] for row in rows if row.get("centre") is not None), whole.get("value"))
        chart = funnel(shown, centre, kpi, voice, view.look)
        picture(view, chart, is_told=True)
        note = "company_units_note" if any(row.get("low95") is not None for row in rows) else "company_units_plain"
        columns = [
            words(voice.say("unit"), lambda row: row["label"]),
            Column(voice.say("value"), lambda row: shown_value(view, row, kpi), lambda row: row["value"], numeric=True),
            Column(voice.say("interval_title"), lambda row: interval(view, row, kpi), lambda row: interval(view, row, kpi)),
            figures(voice.say("n_title"), "n"),
            Column(voice.say("numerator"), lambda row: fmt.total(row["numerator"]), lambda row: row["numerator"], True),
            Column(voice.say("denominator"), lambda row: fmt.total(row["denominator"]), lambda row: row["denominator"], True),
            Column(voice.say("shrunk"), lambda row: voice.measure(row.get("shrunk_value"), kpi), lambda row: row.get("shrunk_value"), True),
            words(voice.say("status"), lambda row: row["word"]),
        ]  # fmt: skip
        table(view, "units", f"{voice.say('company_units')}: {voice.of(kpi, 'label')}", columns, rows, voice.say(note))


def _word(view: View, row: Row) -> str:
    """How a unit lies to the funnel's limits, or what the comparison with all of them says."""
    if row.get("comparison"):
        return view.voice.label(row["comparison"])
    return view.voice.say("no_limits")
