"""KPIs that are measured without an agreed target: a line each, with the way to their causes."""

from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.cells import interval, shown_value
from scorecard_app.views.parts.tables import Column, figures, table, words


def measured_table(view: View, title: str, rows: list[Row], today: dict[str, tuple[Row | None, Row]]) -> None:
    """Value, interval, n, sums, month to date and whether the last month stands out.

    Args:
        view: The request.
        title: A key of the catalogue.
        rows: Measured cells.
        today: Last complete month and open month by KPI.
    """
    if not rows:
        return
    voice, kpis = view.voice, view.data.kpis()
    signals = {
        row["kpi_id"]: row["signal"]
        for row in view.data.rows(
            "select kpi_id, arg_max(signal, period_start) as signal from kpi_signals where org_unit_id = $unit "
            "and period_start <= $start group by kpi_id",
            unit=view.unit, start=view.start,
        )
    }  # fmt: skip

    def label(row: Row) -> str:
        return voice.of(kpis[row["kpi_id"]], "label")

    def link(row: Row) -> str:
        mark = (
            f' <small class="muted">{escape(voice.say("guardrail"))}</small>'
            if kpis[row["kpi_id"]].get("is_guardrail")
            else ""
        )
        if not view.opens("diagnose"):
            return escape(label(row)) + mark
        there = view.link("diagnose", kpi=row["kpi_id"])
        return f'<a href="{escape(there)}" target="_self">{escape(label(row))}</a>{mark}'

    def now(row: Row) -> str:
        cell = today.get(row["kpi_id"], (None, None))[1]
        return shown_value(view, cell, kpis[row["kpi_id"]]) if cell else ""

    def signal(row: Row) -> str:
        code = signals.get(row["kpi_id"])
        return f"◆ {voice.label(code)}" if code not in (None, "none") else ""

    columns = [
        Column(voice.say("kpi"), link, label, is_html=True),
        Column(voice.say("value"), lambda row: shown_value(view, row, kpis[row["kpi_id"]]), lambda row: row["value"], True),
        Column(voice.say("interval_title"), lambda row: interval(view, row, kpis[row["kpi_id"]]), lambda row: interval(view, row, kpis[row["kpi_id"]]), True),
        figures(voice.say("n_title"), "n"),
        Column(voice.say("numerator"), lambda row: fmt.total(row["numerator"]), lambda row: row["numerator"], True),
        Column(voice.say("denominator"), lambda row: fmt.total(row["denominator"]), lambda row: row["denominator"], True),
        *([Column(voice.say("to_date"), now, now, True)] if today else []),
        words(voice.say("status"), signal),
    ]  # fmt: skip
    with st.container(border=True, key="measured"):
        view.show(f"<h2>{escape(voice.say(title))}</h2>")
        table(view, "measured", voice.say(title), columns, [row for row in rows if row["kpi_id"] in kpis])
