"""Where most cases fall short: a KPI's touchpoints as a Pareto."""

from html import escape

import streamlit as st

from scorecard_app.charts.pareto import pareto
from scorecard_app.queries import Row
from scorecard_app.reading import journey
from scorecard_app.view import View
from scorecard_app.views.parts.cells import cell_columns
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import figures, table, words


def shortfalls(view: View, kpi: Row) -> None:
    voice = view.voice
    with st.container(border=True, key="pareto"):
        section(view, "diagnose_pareto")
        cells = journey.touchpoints(view.data, kpi["kpi_id"], view.unit, *view.at)
        short = journey.shortfalls(cells, kpi)
        if not short:
            view.show(f'<p class="muted">{escape(voice.say("diagnose_no_pareto"))}</p>')
            return
        described = f"{voice.of(kpi, 'label')}: {voice.say('diagnose_pareto')}"
        chart = pareto([(voice.label(value), count) for value, count in short], described, voice, view.look)
        picture(view, chart, is_told=True)
        counts = dict(short)
        rows = [row | {"short": counts.get(row["slice_value"])} for row in cells]
        columns = [
            words(voice.label("touchpoint"), lambda row: voice.label(row["slice_value"])),
            figures(voice.say("shortfall"), "short"),
        ]
        table(
            view,
            "touchpoints",
            described,
            [*columns, *cell_columns(view, kpi)],
            rows,
            voice.say("diagnose_pareto_note"),
        )
