"""One unit's scorecard: the score, how it came about and what moved it, and each KPI with its doubt and trend."""

from html import escape

import streamlit as st

from scorecard_app.queries import Row
from scorecard_app.reading import health
from scorecard_app.reading.actions import Action, business_actions
from scorecard_app.reading.periods import end_of, months_before
from scorecard_app.reading.series import month_to_date
from scorecard_app.view import View
from scorecard_app.views.parts.cells import unknown
from scorecard_app.views.parts.headings import heading
from scorecard_app.views.parts.kpi_card import kpi_card
from scorecard_app.views.parts.measured import measured_table
from scorecard_app.views.parts.red_note import notes_here
from scorecard_app.views.parts.review_pack import review_pack
from scorecard_app.views.parts.score import score_and_sum, what_moved
from scorecard_app.views.parts.scores_below import scores_below
from scorecard_app.views.parts.suggested import suggested_targets
from scorecard_app.views.parts.trends import actions_table

COURSE = 24  # months of business actions beside the trends


def page(view: View) -> None:
    """The whole page."""
    agreed, measured = _rows(view)
    heading(view)
    if agreed or measured:
        review_pack(view)
    if agreed and view.complete:
        score_and_sum(view, agreed)
        what_moved(view)
    else:
        why = view.voice.say("no_scorecard" if view.complete else "no_score_open")
        view.show(f'<span class="lc-pill lc-grey">○ {escape(view.voice.say("no_score"))}</span>&ensp;{escape(why)}')
    scores_below(view)
    until = end_of(view.kind, view.start)
    actions = business_actions(view.data, view.data.about.timezone, months_before(until, COURSE), until)
    today = (
        month_to_date(view.data, {row["kpi_id"]: row["measured_org_unit_id"] for row in [*agreed, *measured]})
        if view.complete
        else {}
    )
    watched = {kpi["kpi_id"] for kpi in health.watched(view.data)}
    shown = agreed or [row for row in measured if row["kpi_id"] in watched]
    _kpis(view, "agreed" if agreed else "measured", shown, actions, today)
    measured_table(view, "also", [row for row in measured if row not in shown], today)
    _actions(view, actions)
    suggested_targets(view, {row["kpi_id"] for row in agreed})


def _rows(view: View) -> tuple[list[Row], list[Row]]:
    """The agreed KPIs' rows, and those of the other KPIs measured here.

    An open period has no scorecard yet: its agreed KPIs are those of the unit's last one, without goals.
    """
    published, at = view.data, view.at
    agreed = published.agreed(view.unit, *at)
    if not agreed:
        for kpi_id, measured_unit in published.last_scope(view.unit, *at).items():
            cells = [cell for cell in published.measured(measured_unit, *at) if cell["kpi_id"] == kpi_id]
            agreed += [{**cell, "measured_org_unit_id": measured_unit} for cell in cells]
    taken = {row["kpi_id"] for row in agreed}
    others = [cell for cell in published.measured(view.unit, *at) if cell["kpi_id"] not in taken]
    return agreed, [{**cell, "measured_org_unit_id": view.unit} for cell in others]


def _kpis(
    view: View, title: str, rows: list[Row], actions: list[Action], today: dict[str, tuple[Row | None, Row]]
) -> None:
    """A card for each KPI."""
    if not rows:
        return
    kpis, notes = view.data.kpis(), notes_here(view)
    view.show(f'<h2 style="margin-top:1rem">{escape(view.voice.say(title))}</h2>')
    for row in rows:
        kpi_id = row["kpi_id"]
        kpi = kpis.get(kpi_id) or unknown(kpi_id)
        kpi_card(view, row, kpi, actions, today.get(kpi_id), notes.get(kpi_id, []))


def _actions(view: View, actions: list[Action]) -> None:
    """What the numbers above the charts stand for."""
    if actions:
        with st.expander(view.voice.say("actions_marked"), icon=":material/flag:"):
            actions_table(view, actions)
