"""Everything that lives as long as the process, brought in and set aside before the first reader is served."""

import gc

import pandas  # noqa: F401  Streamlit would bring it in with the first chart, too late to be set aside
import streamlit as st

from scorecard_app.pages import PAGES


@st.cache_resource(show_spinner=False)
def settled() -> bool:
    """Import every page, then put what is alive out of the garbage collector's sight; once per process.

    Streamlit collects all garbage after every run. A collector that looks through each module of pandas, SQLAlchemy
    and DuckDB again and again took more than half of a click; what a session makes later is collected as before.
    """
    for page in PAGES:
        page.draw()
    gc.collect()
    gc.freeze()
    return True
