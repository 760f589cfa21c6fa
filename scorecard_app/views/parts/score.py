"""A unit's score: the sum it is made of, to read and to take away, and what moved it since the last one."""

from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.charts.waterfall import waterfall
from scorecard_app.queries import Row
from scorecard_app.reading.score_change import points, score_change
from scorecard_app.view import View
from scorecard_app.views.parts.cells import unknown
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.kpi_card import cell_of
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column, figures, sheet, take_away, words


def score_and_sum(view: View, agreed: list[Row]) -> None:
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


def what_moved(view: View) -> None:
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
