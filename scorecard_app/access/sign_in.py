"""From a request to a viewer: the provider's token, the session registry and access.yml, asked anew on every run."""

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from scorecard_app.access.local import local_viewer
from scorecard_app.access.roles import Viewer
from scorecard_app.access.rules import NAME, AccessError, Rules, read_rules
from scorecard_app.access.sessions import Refused, Registry, session_id
from scorecard_app.store import open_store

CONFIGURED = "LOYALTY_APP_SIGN_IN"  # set by the launcher once the provider's settings are checked


@dataclass(frozen=True)
class Closed:
    """Why nobody is let in: a key of the catalogue, and whether signing in (again) may help."""

    why: str
    may_sign_in: bool


@st.cache_resource(show_spinner=False)
def registry(root: str) -> Registry:
    """One registry per process."""
    return Registry(open_store(Path(root)))


@st.cache_resource(max_entries=2, show_spinner=False)
def _rules(path: str, size: int, changed: int) -> Rules | AccessError:
    try:
        return read_rules(Path(path))
    except AccessError as problem:
        print(problem, flush=True)  # for the journal; the page says only that it is so
        return problem


def rules_in_force(root: Path) -> Rules:
    """access.yml as it is now; raises AccessError while it is wrong."""
    path = root / NAME
    state = path.stat() if path.exists() else None
    found = _rules(str(path), state.st_size if state else 0, state.st_mtime_ns if state else 0)
    if isinstance(found, AccessError):
        raise found
    return found


def current_viewer(root: Path, by_hand: bool = True) -> Viewer | Closed:
    """Who asks, or why nobody does. Denies whatever it does not know."""
    local = local_viewer()
    if local:
        return local
    if os.environ.get(CONFIGURED) != "1":
        return Closed("closed_unconfigured", may_sign_in=False)
    if st.user.get("is_logged_in") is not True:
        return Closed("closed_sign_in", may_sign_in=True)
    claims = st.user.to_dict()
    try:
        rules = rules_in_force(root)
        email = registry(str(root)).enter(claims, rules, by_hand)
    except AccessError:
        return Closed("closed_rules", may_sign_in=False)
    except Refused as refused:
        return Closed(refused.why, may_sign_in=True)
    return Viewer(email, rules.grants(email), session=session_id(claims))


def still_holds(root: Path, viewer: Viewer) -> bool:
    """Whether what was drawn for this viewer is still theirs: asked where no page runs, as when a download is made."""
    if viewer.is_local:
        return True
    try:
        rules = rules_in_force(root)
    except AccessError:
        return False
    return rules.grants(viewer.name) == viewer.grants and registry(str(root)).holds(viewer.session, viewer.name, rules)


def sign_out(root: Path, viewer: Viewer) -> None:
    """End the session here first, so that its cookie is worth nothing, then at the provider.

    Nothing is drawn after it: another run of the script would take the redirection back before it is sent.
    """
    registry(str(root)).end(viewer.session, "signed_out")
    st.logout()
    st.stop()
