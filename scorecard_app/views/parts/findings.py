"""The findings of the diagnosis rules, most pressing first."""

from html import escape

import streamlit as st

from scorecard_app.queries import Row
from scorecard_app.reading.findings import ICONS, Finding, findings
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.tables import sheet, take_away, words

SHOWN = 8


def draw(view: View) -> None:
    """The findings of the chosen unit and period; nothing where the version has no such table."""
    if not view.data.has("diagnoses"):
        return
    voice = view.voice
    with st.container(border=True, key="findings"):
        section(view, "diagnose_findings", "diagnose_findings_note")
        found = findings(view.data, voice, view.unit, *view.at)
        if not found:
            view.show(f'<p class="muted">{escape(voice.say("diagnose_no_findings"))}</p>')
            return
        view.show(_list(view, found[:SHOWN]))
        if found[SHOWN:]:
            with st.expander(voice.say("diagnose_more_findings", count=str(len(found) - SHOWN))):
                view.show(_list(view, found[SHOWN:]))
        columns = [
            words(voice.say("finding_severity"), lambda row: voice.label(row["one"].severity)),
            words(voice.say("finding_rule"), lambda row: row["one"].rule),
            words(voice.say("finding"), lambda row: row["one"].sentence),
            words(voice.say("finding_evidence"), lambda row: row["one"].evidence),
        ]
        rows: list[Row] = [{"one": one} for one in found]
        take_away(view, "findings", lambda: sheet(view, voice.say("diagnose_findings"), columns, rows))


def _list(view: View, found: list[Finding]) -> str:
    """Icon, word, sentence, and its evidence below."""
    lines = "".join(
        f'<li class="{one.severity}"><span class="lc-mark">{ICONS[one.severity]} {escape(view.voice.label(one.severity))}</span>'
        f"<div>{escape(one.sentence)}<small>{escape(' · '.join(text for text in (one.rule, one.evidence) if text))}</small></div></li>"
        for one in found
    )
    return f'<ul class="lc-findings">{lines}</ul>'
