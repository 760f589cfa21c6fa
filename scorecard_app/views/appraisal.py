"""What goes into appraisals: a complete period's scorecards of the chosen unit and all below it, as files."""

from collections.abc import Collection
from functools import partial
from html import escape

import streamlit as st

from scorecard_app import exports
from scorecard_app.choices import choose
from scorecard_app.exports.periods import Period
from scorecard_app.queries import Queries, Row
from scorecard_app.texts import LANGUAGES
from scorecard_app.view import View
from scorecard_app.views.parts.headings import heading, section
from scorecard_app.views.parts.scores_below import score_columns
from scorecard_app.views.parts.tables import drawn

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "application/zip",
    "json": "application/json",
}
TITLES = {"xlsx": "appraisal_xlsx", "csv": "appraisal_csv", "json": "appraisal_json"}
BOTH = "both"


def page(view: View) -> None:
    """The whole page."""
    voice = view.voice
    heading(view, voice.say("page_appraisal"))
    if not view.complete:
        view.show(f'<p class="muted">{escape(voice.say("appraisal_open"))}</p>')
        return
    period = Period(view.kind, view.start)
    scores = _scores(view)
    view.show(f"<p>{escape(voice.say('appraisal_intro', command=f'loyalty export --period {period.code}'))}</p>")
    if not scores:
        view.show(f'<p class="muted">{escape(voice.say("appraisal_none"))}</p>')
        return
    with st.container(border=True, key="appraisal"):
        section(view, "appraisal_units")
        view.show(drawn(voice.say("appraisal_units"), score_columns(view), scores, voice.say("below_note")))
        _state(view, period)
        _files(view, period, [row["org_unit_id"] for row in scores])


def _scores(view: View) -> list[Row]:
    """Score rows of the chosen unit and all below it; for whoever reads the whole company also of units that left it."""
    rows = view.data.rows(
        "from department_scores where period_kind = $kind and period_start = $start order by org_unit_id",
        kind=view.kind, start=view.start,
    )  # fmt: skip
    scored = {row["org_unit_id"]: row for row in rows}
    within = {view.unit}
    for unit, row in view.units.items():  # parents come first
        if row["parent_org_unit_id"] in within:
            within.add(unit)
    gone = [unit for unit in scored if unit not in view.units] if view.unit == next(iter(view.units)) else []
    return [scored[unit] for unit in [*(unit for unit in view.units if unit in within), *gone] if unit in scored]


def _state(view: View, period: Period) -> None:
    """What the figures are not: signed, and perhaps not whole."""
    voice = view.voice
    held = view.data.periods("month")
    gaps = [Period("month", month).code for month in period.months if month not in held]
    view.show(f"<p>◔ {escape(voice.say('appraisal_state', version=view.data.about.name))}</p>")
    if gaps:
        view.show(f"<p><b>⚠ {escape(voice.say('appraisal_gaps', months=', '.join(gaps)))}</b></p>")


def _files(view: View, period: Period, units: Collection[str]) -> None:
    """The language, and a button for each format; a file is made when it is asked for."""
    voice = view.voice
    names = {BOTH: voice.say("appraisal_both"), **LANGUAGES}
    language = choose("appraisal_language", list(names), BOTH, names.__getitem__, voice, segmented=True)
    with st.container(horizontal=True, key="appraisal_files"):
        for kind in exports.FORMATS:
            st.download_button(
                voice.say(TITLES[kind]),
                view.if_still(partial(_made, view.data, period.code, units, kind, language)),
                file_name=f"scorecards-{period.code}.{'zip' if kind == 'csv' else kind}",
                mime=MIME[kind],
                key=f"appraisal_{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def _made(data: Queries, code: str, units: Collection[str], kind: str, language: str) -> bytes:
    """The file, of what the gate lets through."""
    return exports.packed(exports.collect(data, code, list(units)), kind, exports.languages(language))
