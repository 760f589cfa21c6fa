"""One unit's scorecard: the score, how it came about and what moved it, and each KPI with its doubt and trend."""

from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.charts.waterfall import waterfall
from scorecard_app.queries import Row
from scorecard_app.reading import health
from scorecard_app.reading.actions import Action, business_actions
from scorecard_app.reading.baseline import MONTHS, Suggestion, suggestions
from scorecard_app.reading.periods import end_of, months_before
from scorecard_app.reading.score_change import points, score_change
from scorecard_app.reading.series import month_to_date
from scorecard_app.view import View
from scorecard_app.views.parts.headings import heading, section
from scorecard_app.views.parts.kpi_card import cell_of, kpi_card
from scorecard_app.views.parts.measured import measured_table
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.red_note import notes_here
from scorecard_app.views.parts.review_pack import review_pack
from scorecard_app.views.parts.scores_below import scores_below
from scorecard_app.views.parts.tables import Column, figures, sheet, table, take_away, words
from scorecard_app.views.parts.trends import actions_table

COURSE = 24  # months of business actions beside the trends


def page(view: View) -> None:
    """The whole page."""
    agreed, measured = _rows(view)
    heading(view)
    if agreed or measured:
        review_pack(view)
    if agreed and view.complete:
        _score(view, agreed)
        _moved(view)
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
    _suggested(view, {row["kpi_id"] for row in agreed})


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


def _score(view: View, agreed: list[Row]) -> None:
    """The score beside the sum it is made of."""
    voice = view.voice
    row = view.data.score(view.unit, *view.at) or {}
    score = row.get("score")
    with st.container(border=True, key="score"):
        left, right = st.columns([3, 8], gap="large")
        with left:
            if score is None:
                figure = f'<div class="lc-score none">{escape(voice.say("no_score"))}</div>'
                reason = f'<p class="lc-small">{escape(voice.label(row.get("reason")))}</p>'
            else:
                figure = f'<div class="lc-score">{fmt.number(score, 1)}</div>{cards.pill(row["rag"], voice)}'
                reason = f'<p class="muted lc-small">{escape(voice.say("score_scale"))}</p>'
            share = fmt.number(row.get("scored_weight")) + "%"
            weight = f'<p class="muted lc-small">{escape(voice.say("scored_weight", share=share))}</p>'
            view.show(f"<h2>{escape(voice.say('score'))}</h2>{figure}{reason}{weight}")
        with right:
            view.show(f"<h2>{escape(voice.say('how'))}</h2>{_sum(view, agreed, score)}")
            take_away(view, "scorecard", lambda: sheet(view, voice.say("score"), _columns(view), agreed))


def _sum(view: View, agreed: list[Row], score: float | None) -> str:
    """Weight × attainment, KPI by KPI, and what they add up to."""
    voice, kpis, parts = view.voice, view.data.kpis(), points(agreed)
    head = [("kpi", False), ("value", True), ("target", True), ("attainment", True), ("weight", True), ("points", True), ("verdict", False)]  # fmt: skip
    lines = []
    for row in agreed:
        kpi, counts = kpis.get(row["kpi_id"]) or unknown(row["kpi_id"]), row["attainment"] is not None
        reason = f'<span class="muted">{escape(voice.label(row["reason"]))}</span>'
        lines.append(
            [
                escape(voice.of(kpi, "label")),
                escape(voice.measure(row["value"], kpi)),
                escape(voice.measure(row["target"], kpi)),
                fmt.number(row["attainment"], 1),
                fmt.number(row["weight"], 0),
                fmt.number(parts.get(row["kpi_id"]), 1),
                cards.verdict(row["verdict"], voice) if counts else reason,
            ]
        )
    scored = sum(row["weight"] for row in agreed if row["attainment"] is not None)
    total = [escape(voice.say("score")), "", "", "", fmt.number(scored, 0), fmt.number(score, 1), ""]
    titles = [(voice.say(key), numeric) for key, numeric in head]
    note = f'<p class="muted lc-small">{escape(voice.say("how_note"))}</p>'
    return cards.table(voice.say("how"), titles, [*lines, total], last_is_sum=True) + note


def _columns(view: View) -> list[Column]:
    """The scorecard to take away: more than the table shows."""
    voice, kpis = view.voice, view.data.kpis()

    def of_cell(row: Row, key: str) -> object:
        return (cell_of(view, row) or {}).get(key)

    def measure(key: str, title: str = "") -> Column:
        return figures(voice.say(title or key), key, 1)

    return [
        words(voice.say("kpi"), lambda row: voice.of(kpis.get(row["kpi_id"]) or unknown(row["kpi_id"]), "label")),
        words(voice.say("unit"), lambda row: view.unit_name(row["measured_org_unit_id"])),
        measure("value"), measure("ci_low"), measure("ci_high"), measure("n", "n_title"),
        Column(voice.say("numerator"), str, lambda row: of_cell(row, "numerator"), True),
        Column(voice.say("denominator"), str, lambda row: of_cell(row, "denominator"), True),
        measure("threshold"), measure("target"), measure("stretch"), measure("weight"), measure("attainment"),
        words(voice.say("verdict"), lambda row: voice.label(row["verdict"])),
        words(voice.say("status"), lambda row: voice.label(row["rag"])),
        words(voice.say("reason"), lambda row: voice.label(row["reason"]) if row["reason"] else ""),
    ]  # fmt: skip


def _moved(view: View) -> None:
    """What moved the score since the last period that has one."""
    voice, kpis = view.voice, view.data.kpis()
    change = score_change(view.data, view.unit, *view.at)
    if change is None:
        return

    def label(kpi_id: str, suffix: str) -> str:
        return voice.of(kpis.get(kpi_id) or unknown(kpi_id), "label") + (f" ({voice.say(suffix)})" if suffix else "")

    steps = [{"label": fmt.period(view.kind, change.since, voice.language), "change": change.before, "is_total": True}]
    steps += [
        {"label": label(one.kpi_id, "newly_scored" if one.entered else "no_longer_scored" if one.left else ""), "change": one.change, "is_total": False}
        for one in change.moved
    ]  # fmt: skip
    steps.append({"label": view.period, "change": change.now, "is_total": True})
    with st.container(border=True, key="moved"):
        section(view, "moved", "moved_note")
        picture(view, waterfall(steps, voice.say("moved"), voice, view.look))


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


def _suggested(view: View, agreed: set[str]) -> None:
    """First targets for KPIs without an agreement, from the unit's own course."""
    found = suggestions(view.data, view.unit, agreed)
    if not found:
        return
    voice, kpis = view.voice, view.data.kpis()

    def goal(key: str) -> Column:
        def value(row: Row) -> float:
            return getattr(row["one"], key)

        return Column(
            voice.say(key), lambda row: voice.measure(value(row), kpis[row["one"].kpi_id]), value, numeric=True
        )

    def of(one: Suggestion) -> Row:
        return {"one": one}

    columns = [
        words(voice.say("kpi"), lambda row: voice.of(kpis[row["one"].kpi_id], "label")),
        goal("threshold"), goal("target"), goal("stretch"),
        Column(voice.say("baseline_months"), lambda row: str(row["one"].months), lambda row: row["one"].months, True),
    ]  # fmt: skip
    with st.container(border=True, key="suggested"):
        section(view, "suggested")
        note = voice.say("suggested_note", months=str(MONTHS))
        table(view, "suggested-targets", voice.say("suggested"), columns, [of(one) for one in found], note)


def unknown(kpi_id: str) -> Row:
    """An agreed KPI that this version's catalogue does not know: it keeps its id, and its reason says the rest."""
    texts = {f"{column}_{language}": "" for column in ("definition", "role", "limitation") for language in ("en", "zh")}
    named = {"label_en": kpi_id, "label_zh": kpi_id, "unit": "", "direction": "", "floor_basis": "n"}
    return texts | named | {"shown_floor": 0, "scored_floor": 0}
