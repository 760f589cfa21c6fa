"""What the gates said: each suite's newest result, what failed, what it means and what mends it; and Data Docs."""

from html import escape
from pathlib import Path

import streamlit as st

from scorecard_app.queries import Row
from scorecard_app.reading import deliveries
from scorecard_app.texts import TEXTS
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.tables import Column, table, words


def gates(view: View, suites: list[deliveries.Suite]) -> None:
    """A line for each suite, what failed in words, and Data Docs as an archive."""
    voice = view.voice
    with st.container(border=True, key="gates"):
        section(view, "quality_gates", "quality_gates_note")
        if not suites:
            view.show(f'<p class="muted">{escape(voice.say("quality_no_gates"))}</p>')
            return

        def result(row: Row) -> str:
            suite = row["suite"]
            return (
                f"✔ {voice.say('gate_passed')}"
                if suite.passed
                else f"✖ {voice.say('gate_failed', count=str(len(suite.failed)))}"
            )

        columns = [
            words(voice.say("gate"), lambda row: voice.label(row["suite"].name)),
            Column(
                voice.say("gate_checks"), lambda row: str(row["suite"].checks), lambda row: row["suite"].checks, True
            ),
            words(voice.say("gate_result"), result),
            words(voice.say("gate_at"), lambda row: row["suite"].at),
        ]
        table(view, "gates", voice.say("quality_gates"), columns, [{"suite": suite} for suite in suites])
        failed = [(suite.name, *one) for suite in suites for one in suite.failed]
        said = "".join(
            f"<li><b>{escape(voice.label(name))} · <code>{escape(check)}</code></b> {escape(_meaning(view, check, text))}</li>"
            for name, check, _, text in failed
        )
        if said:
            view.show(f"<ul>{said}</ul>")
        docs = quality_folder(view)
        if (docs / "data_docs" / "index.html").is_file():
            st.download_button(
                voice.say("data_docs"),
                view.if_still(lambda: deliveries.data_docs(docs) or b""),
                "data_docs.zip",
                "application/zip",
                key="data_docs",
                on_click="ignore",
                icon=":material/folder_zip:",
            )
            view.show(f'<p class="muted lc-small">{escape(voice.say("data_docs_note"))}</p>')


def _meaning(view: View, check: str, published: str) -> str:
    """What a check means and what mends it, in the reader's language; as published where the app doesn't know it."""
    key = f"check_{check}"
    return view.voice.say(key) if key in TEXTS else published


def quality_folder(view: View) -> Path:
    """The company's `quality` folder, beside `published`."""
    return view.data.folder.parent.parent / "quality"
