"""Pickers that remember their choice in the address, so that a link shows what its sender saw."""

from collections.abc import Callable, Sequence

import streamlit as st

from scorecard_app.cards import Voice


def choose(
    name: str,
    options: Sequence[str],
    default: str,
    label: Callable[[str], str],
    voice: Voice,
    segmented: bool = False,
) -> str:
    """Let the reader pick one option; `name` is its text, its widget's key and its name in the address.

    What was picked last, else what the address says, else the default; an option that is no longer there counts
    as never picked. The value is set before the widget is drawn, because a widget whose labels change language
    would otherwise start afresh.
    """
    wanted: str | None = st.session_state.get(name) or st.query_params.get(name)
    chosen: str = wanted if wanted and wanted in options else default
    st.session_state[name] = chosen
    title = voice.say(name)
    if segmented:
        # Clicking the chosen segment unpicks it; the choice then stays as it was.
        chosen = st.segmented_control(title, options, format_func=label, key=name) or chosen
    else:
        chosen = st.selectbox(title, options, format_func=label, key=name) or chosen
    if st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
    return chosen
