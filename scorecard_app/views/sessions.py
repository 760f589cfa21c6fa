"""Who is signed in, and how an administrator ends it."""

from html import escape
from itertools import groupby

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.access.roles import COMPANY, Grant
from scorecard_app.access.sessions import OpenSession
from scorecard_app.access.sign_in import registry, rules_in_force
from scorecard_app.view import View


def page(view: View) -> None:
    """The whole page."""
    voice = view.voice
    view.show(f"<h1>{escape(voice.say('page_sessions'))}</h1><p class=muted>{escape(voice.say('sessions_intro'))}</p>")
    if view.viewer.is_local:
        view.show(f"<p>{escape(voice.say('sessions_local'))}</p>")
        return
    rules = rules_in_force(view.root)
    found = registry(str(view.root)).open_sessions(rules)
    by_person = sorted(found, key=lambda session: session.email)
    for email, sessions in groupby(by_person, key=lambda session: session.email):
        _person(view, email, rules.grants(email), list(sessions))


def _person(view: View, email: str, grants: tuple[Grant, ...], sessions: list[OpenSession]) -> None:
    """A person's roles, and a line for each session with the button that ends it."""
    voice = view.voice
    with st.container(border=True, key=f"person_{sessions[0].session_id[:16]}"):
        roles = "; ".join(_role(view, grant) for grant in grants)
        view.show(
            f"<h3>{escape(email)}</h3><p class='muted lc-small'>{escape(voice.say('roles'))}: {escape(roles)}</p>"
        )
        for session in sessions:
            left, right = st.columns([7, 3], vertical_alignment="center")
            timezone = view.data.about.timezone
            begun = fmt.moment(session.signed_in_at, timezone, voice.language)
            used = fmt.moment(session.last_used_at, timezone, voice.language)
            with left:
                view.show(f"{escape(voice.say('signed_in_at'))}: {begun} · {escape(voice.say('last_used_at'))}: {used}")
            with right:
                if session.session_id == view.viewer.session:
                    view.show(f"<span class=muted>{escape(voice.say('your_session'))}</span>")
                elif st.button(voice.say("revoke"), key=f"revoke_{session.session_id[:16]}"):
                    registry(str(view.root)).end(session.session_id, "revoked")
                    st.rerun()
        if email != view.viewer.name and st.button(
            voice.say("release"),
            key=f"release_{sessions[0].session_id[:16]}",
            help=voice.say("release_why"),
            type="tertiary",
        ):
            registry(str(view.root)).unbind(email)
            st.rerun()


def _role(view: View, grant: Grant) -> str:
    """A grant in words; a unit by its id, since an administrator need not see the organisation."""
    unit = view.voice.say("whole_company") if grant.unit == COMPANY else grant.unit
    return f"{view.voice.say(f'role_{grant.role}')} · {unit}"
