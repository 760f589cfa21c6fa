"""A chart on a page, with its numbers as a table for whoever can't see it, or wants them exactly."""

import streamlit as st

from scorecard_app import cards
from scorecard_app.charts.carried import carried
from scorecard_app.charts.parts import told
from scorecard_app.queries import Row
from scorecard_app.view import View


def picture(view: View, chart: Row, is_told: bool = False) -> None:
    """Draw the chart; what its tooltips say opens below it, unless a table of the page tells it anyway (`is_told`)."""
    st.vega_lite_chart(*carried(chart), width="stretch", theme=None)
    if not is_told:
        head, rows = told(chart)
        view.show(cards.numbers(chart["description"], [(title, False) for title in head], rows, view.voice))
