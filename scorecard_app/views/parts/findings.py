"""What the diagnosis rules found, in plain sentences with their evidence, from the published `diagnoses`."""

from html import escape

import streamlit as st

from scorecard_app.view import View
from scorecard_app.views.parts.headings import section


def draw(view: View) -> None:
    """The findings of the chosen unit and period; nothing where the version has no such table."""
    if not view.data.has("diagnoses"):
        return
    voice = view.voice
    with st.container(border=True, key="findings"):
        section(view, "diagnose_findings", "diagnose_findings_note")
        rows = view.data.rows(
            "from diagnoses where org_unit_id = $unit and period_kind = $kind and period_start = $start",
            unit=view.unit, kind=view.kind, start=view.start,
        )  # fmt: skip
        if not rows:
            view.show(f'<p class="muted">{escape(voice.say("diagnose_no_findings"))}</p>')
