"""The KPI handbook of the served version, behind the app's sign-in; and the catalogue to take away."""

import hashlib
import json
from html import escape
from pathlib import Path

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.tables import Column, table, words

HEIGHT = 900


def page(view: View) -> None:
    """The whole page."""
    voice = view.voice
    view.show(
        f"<h1>{escape(voice.say('page_handbook'))}</h1><p class='muted'>{escape(voice.say('handbook_intro'))}</p>"
    )
    content = _content(view.data.folder, f"{voice.language}.html")
    if content is None:
        view.show(f'<p class="muted">{escape(voice.say("handbook_none"))}</p>')
    else:
        # Streamlit serves static files to everybody, so the page hands the document over itself.
        st.iframe(embedded(content), height=HEIGHT)
        st.download_button(
            voice.say("handbook_download"), view.if_still(content.encode), f"handbook-{voice.language}.html",
            "text/html", key="handbook",
            on_click="ignore", icon=":material/menu_book:",
        )  # fmt: skip
    _catalogue(view)


def embedded(content: str) -> str:
    """The document as a part of the page: its links lead within it, not to the app once more, and the app's own switch
    of language takes the place of the one between its files."""
    mended = '<base href="about:srcdoc"><style>a[href$=".html"] { display: none }</style>'
    return content.replace("<head>", f"<head>{mended}", 1)


def _content(version: Path, name: str) -> str | None:
    """The document, if it is the one that the version's manifest names; it runs in the page, so nothing else may."""
    try:
        promised = json.loads((version / "manifest.json").read_text(encoding="utf-8")).get("handbook", {}).get(name)
        content = (version / "handbook" / name).read_bytes()
    except OSError:
        return None
    return content.decode("utf-8") if hashlib.sha256(content).hexdigest() == promised else None


def _catalogue(view: View) -> None:
    """Every KPI in a line."""
    voice = view.voice

    def scored(row: Row) -> str:
        if row.get("is_guardrail"):
            return voice.say("guardrail")
        return fmt.number(row["scored_floor"])

    def of(column: str) -> Column:
        titles = {"definition": "counts", "role": "good_for", "limitation": "limits"}
        return words(voice.say(titles[column]), lambda row: voice.of(row, column))

    columns = [
        words(voice.say("kpi"), lambda row: voice.of(row, "label")),
        of("definition"), of("role"), of("limitation"),
        words(voice.say("unit_title"), lambda row: voice.label(row["unit"])),
        words(voice.say("handbook_scored"), scored),
        Column(voice.say("handbook_version"), lambda row: str(row["definition_version"]), lambda row: row["definition_version"], True),
    ]  # fmt: skip
    with st.container(border=True, key="catalogue"):
        section(view, "handbook_catalogue")
        table(view, "kpis", voice.say("handbook_catalogue"), columns, list(view.data.kpis().values()))
