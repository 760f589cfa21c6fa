"""The note that a red KPI asks for: read by whoever sees the unit, written by whoever leads it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.access.roles import COMPANY, Role
from scorecard_app.queries import Row
from scorecard_app.store import open_store
from scorecard_app.store.notes import LONGEST, Note, Notes
from scorecard_app.view import View

WRITERS = frozenset({Role.HEAD, Role.EXECUTIVE})


@st.cache_resource(show_spinner=False)
def _notes(root: str) -> Notes:
    return Notes(open_store(Path(root)))


def notes_here(view: View) -> dict[str, list[Note]]:
    """Notes on the chosen unit and period by KPI, newest first: one question to the store for all cards."""
    return _notes(str(view.root)).of(view.unit, *view.at)


def red_note(view: View, row: Row, found: Sequence[Note]) -> None:
    """Notes on a KPI; for a red one the request and, for who leads the unit, a place to write."""
    voice = view.voice
    if row.get("rag") != "red" and not found:
        return
    said = "".join(
        f"<p class='lc-ask'>{escape(note.text)}<small class='muted'>{escape(note.written_by or voice.say('note_local'))}, "
        f"{escape(fmt.moment(note.written_at, view.data.about.timezone, voice.language))}</small></p>"
        for note in found
    )
    view.show(said or f'<p class="lc-ask">✎ {escape(voice.say("red_note"))}</p>')
    if row.get("rag") == "red" and may_write(view):
        with st.form(f"note_{row['kpi_id']}", clear_on_submit=True, border=False):
            text = st.text_area(voice.say("note_write"), max_chars=LONGEST, height=80, key=f"note_text_{row['kpi_id']}")
            if st.form_submit_button(voice.say("note_keep")) and text.strip():
                _notes(str(view.root)).write(
                    view.unit, *view.at, row["kpi_id"], view.data.about.name, view.viewer.name, text, datetime.now(UTC)
                )
                st.rerun()


def may_write(view: View) -> bool:
    """Whether the viewer leads the unit or one above it now."""
    grants = [grant for grant in view.viewer.grants if grant.role in WRITERS and grant.is_for_ever]
    above: str | None = view.unit
    line = []
    while above in view.units and above not in line:
        line.append(above)
        above = view.units[above]["parent_org_unit_id"]
    return any(grant.unit == COMPANY or grant.unit in line for grant in grants)
