"""First targets for KPIs that nobody has agreed on yet."""

import streamlit as st

from scorecard_app.queries import Row
from scorecard_app.reading.baseline import MONTHS, Suggestion, suggestions
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.tables import Column, table, words


def suggested_targets(view: View, agreed: set[str]) -> None:
    """First targets for KPIs without an agreement, from the unit's own course."""
    found = suggestions(view.data, view.unit, agreed)
    if not found:
        return
    voice, kpis = view.voice, view.data.kpis()

    def goal(key: str) -> Column:
        def value(row: Row) -> float:
            return getattr(row["one"], key)

        return Column(
            voice.say(key), lambda row: voice.measure(value(row), kpis[row["one"].kpi_id]), value, numeric=True
        )

    def of(one: Suggestion) -> Row:
        return {"one": one}

    columns = [
        words(voice.say("kpi"), lambda row: voice.of(kpis[row["one"].kpi_id], "label")),
        goal("threshold"), goal("target"), goal("stretch"),
        Column(voice.say("baseline_months"), lambda row: str(row["one"].months), lambda row: row["one"].months, True),
    ]  # fmt: skip
    with st.container(border=True, key="suggested"):
        section(view, "suggested")
        note = voice.say("suggested_note", months=str(MONTHS))
        table(view, "suggested-targets", voice.say("suggested"), columns, [of(one) for one in found], note)
