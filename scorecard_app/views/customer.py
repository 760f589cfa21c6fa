"""One person on one page, for the care role: who they are and why, what they did in every channel, what they are owed."""

from html import escape
from pathlib import Path

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.profiles import CARE, NoProfiles, Profiles, conditions, mark
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.person import golden_record, headline, why
from scorecard_app.views.parts.person_events import issues, timeline


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(folder: str, mark: str) -> Profiles:
    """The served version's profiles as they are now; whoever asks is checked at every question."""
    return Profiles(Path(folder))


def page(view: View) -> None:
    """The whole page."""
    voice = view.voice
    view.show(
        f"<h1>{escape(voice.say('page_customer'))}</h1><p class='muted'>{escape(voice.say('customer_intro'))}</p>"
    )
    if not view.viewer.may(CARE):
        raise PermissionError("customer")
    try:
        _search(view, _opened(str(view.data.folder), mark(view.data.folder)))
    except NoProfiles as problem:
        detail = voice.say("customer_no_profiles")
        st.html(cards.state("⚿", voice.say("page_customer"), detail, str(problem), voice.language))


def _search(view: View, profiles: Profiles) -> None:
    voice = view.voice
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        wanted = st.text_input(
            voice.say("customer_search"),
            key="customer_search",
            placeholder=voice.say("customer_search_hint"),
            max_chars=120,
        )
    with right:
        is_open = st.toggle(voice.say("customer_show"), key="customer_show")
    if not wanted.strip():
        return
    found = profiles.search(view.viewer, wanted)
    if not found:
        text = "customer_none" if conditions(wanted) else "customer_too_short"
        view.show(f'<p class="muted">{escape(voice.say(text))}</p>')
        return
    person = found[0]
    if len(found) > 1:
        view.show(f"<p>{escape(voice.say('customer_found', count=str(len(found))))}</p>")
        names = {
            row["customer_id"]: f"{row['full_name'] or fmt.NONE} · {row['city'] or fmt.NONE} · {row['customer_id']}"
            for row in found
        }
        picked = st.selectbox(
            voice.say("customer_pick"), list(names), format_func=names.__getitem__, key="customer_pick"
        )
        person = next(row for row in found if row["customer_id"] == picked)
    _person(view, profiles, person, is_open)


def _person(view: View, profiles: Profiles, person: Row, is_open: bool) -> None:
    with st.container(border=True, key="person"):
        headline(view, person, is_open)
    first, second = st.tabs([view.voice.say("customer_timeline"), view.voice.say("customer_record")])
    with first:
        issues(view, profiles, person)
        timeline(view, profiles, person)
    with second:
        golden_record(view, profiles, person, is_open)
        why(view, profiles, person)
