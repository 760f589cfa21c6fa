"""What the numbers rest on: deliveries and their rows, what was refused, how fresh it is, what the gates said."""

from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts.outcomes import outcomes
from scorecard_app.queries import Row
from scorecard_app.reading import deliveries
from scorecard_app.view import View
from scorecard_app.views.parts.gates import gates, quality_folder
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column, figures, table, words


def page(view: View) -> None:
    """The whole page."""
    voice = view.voice
    rows = deliveries.datasets(view.data, view.data.about.as_of)
    suites = deliveries.gates(quality_folder(view))
    view.show(f"<h1>{escape(voice.say('page_quality'))}</h1><p class='muted'>{escape(voice.say('quality_intro'))}</p>")
    _sums(view, rows, suites)
    _datasets(view, rows)
    _troubled(view)
    gates(view, suites)


def _sums(view: View, rows: list[Row], suites: list[deliveries.Suite]) -> None:
    voice = view.voice
    total = {key: sum(row[key] for row in rows) for key in ("deliveries", "received", "loaded", "quarantined")}
    checks, failed = sum(suite.checks for suite in suites), sum(len(suite.failed) for suite in suites)
    cells = [
        ("quality_deliveries", fmt.number(total["deliveries"]), ""),
        (
            "quality_received",
            fmt.number(total["received"]),
            f"{fmt.number(total['loaded'])} {voice.say('quality_loaded')}",
        ),
        ("quarantined", fmt.number(total["quarantined"]), _share(total["quarantined"], total["received"])),
        ("quality_gates_passed", f"{fmt.number(checks - failed)} / {fmt.number(checks)}" if checks else fmt.NONE, ""),
    ]
    inner = "".join(
        f"<div><span>{escape(voice.say(key))}</span><b>{escape(text)}</b><small>{escape(small)}</small></div>"
        for key, text, small in cells
    )
    view.show(f'<div class="lc-facts">{inner}</div>')


def _share(part: float, whole: float) -> str:
    return f"{fmt.number(100 * part / whole, 2)}%" if whole else ""


def _datasets(view: View, rows: list[Row]) -> None:
    voice = view.voice
    if not rows:
        return
    with st.container(border=True, key="datasets"):
        section(view, "quality_datasets")
        titles = {key: voice.say(key) for key in deliveries.OUTCOMES}
        shown = [
            row
            | {
                "label": voice.label(row["dataset"]),
                "refused": fmt.number(row["quarantined"]) if row["quarantined"] else "",
            }
            for row in rows
            if row["received"] and row["loaded"] < row["received"]
        ]
        picture(view, outcomes(shown, titles, voice.say("quality_datasets"), view.look), is_told=True)
        timezone = view.data.about.timezone
        columns = [
            words(voice.say("dataset"), lambda row: voice.label(row["dataset"])),
            figures(voice.say("quality_deliveries"), "deliveries"),
            figures(voice.say("quality_received"), "received"),
            *(figures(titles[key], key) for key in deliveries.OUTCOMES),
            Column(voice.say("quality_newest"), lambda row: fmt.day(row["newest"].date(), voice.language), lambda row: row["newest"]),
            figures(voice.say("quality_days"), "days"),
        ]  # fmt: skip
        table(
            view,
            "datasets",
            voice.say("quality_datasets"),
            columns,
            rows,
            f"{voice.say('as_of')} {fmt.moment(view.data.about.as_of, timezone, voice.language)}",
        )


def _troubled(view: View) -> None:
    voice = view.voice
    with st.container(border=True, key="troubled"):
        section(view, "quality_troubled")
        rows = deliveries.troubled(view.data)
        if not rows:
            view.show(f"<p>✔ {escape(voice.say('quality_clean'))}</p>")
            return
        columns = [
            words(voice.say("dataset"), lambda row: voice.label(row["dataset"])),
            words(voice.say("quality_file"), lambda row: row["path"]),
            words(voice.say("status"), lambda row: "" if row["status"] == "loaded" else voice.label(row["status"])),
            figures(voice.say("quality_received"), "received"),
            figures(voice.say("quarantined"), "quarantined"),
            words(voice.say("reason"), lambda row: voice.label(row["reason"]) if row["reason"] else ""),
        ]  # fmt: skip
        table(
            view,
            "refused",
            voice.say("quality_troubled"),
            columns,
            rows,
            voice.say("quality_troubled_note", command="loyalty quarantine"),
        )
