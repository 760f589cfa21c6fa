"""Pickers that remember their choice in the address, so that a link shows what its sender saw."""

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from scorecard_app.cards import Voice


def wanted(name: str, options: Collection[str]) -> str | None:
    """The option picked last, else the one that the address says.

    Where nothing was picked since and the address isn't as `keep` left it, the reader went back or forward in the
    browser: then the address counts, or that would lead nowhere. Shortly after a change of language Streamlit hands
    over a label of the language before: no option, so never picked.
    """
    said, picked, kept = (found if found in options else None for found in (
        st.query_params.get(name), st.session_state.get(name), st.session_state.get(_kept(name)),
    ))  # fmt: skip
    return said if said and said != kept and picked in (None, kept) else picked or said


def keep(name: str, chosen: str) -> None:
    """Write a choice into the address."""
    if st.query_params.get(name) != chosen:
        st.query_params[name] = chosen
    st.session_state[_kept(name)] = chosen


def _kept(name: str) -> str:
    return f"{name} in the address"


def choose(
    name: str,
    options: Sequence[str],
    default: str,
    label: Callable[[str], str],
    voice: Voice,
    segmented: bool = False,
) -> str:
    """Let the reader pick one option; `name` is its text, its widget's key and its name in the address.

    What is `wanted`, else the default; an option that is no longer there counts as never picked. The value is set
    before the widget is drawn, because a widget whose labels change language would otherwise start afresh.
    """
    chosen: str = wanted(name, options) or default
    st.session_state[name] = chosen
    title = voice.say(name)
    if segmented:
        # Clicking the chosen segment unpicks it; the choice then stays as it was.
        chosen = st.segmented_control(title, options, format_func=label, key=name) or chosen
    else:
        chosen = st.selectbox(title, options, format_func=label, key=name) or chosen
    keep(name, chosen)
    return chosen
