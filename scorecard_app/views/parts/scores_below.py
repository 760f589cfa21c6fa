"""Scores of the units directly below."""

from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.tables import Column, figures, table, words


def scores_below(view: View) -> None:
    """The units directly below that have a score, in the organisation's order: this is no league table."""
    scores = view.data.scores_below(view.unit, *view.at)
    rows = [scores[unit] for unit in view.units if unit in scores]
    if not rows:
        return
    with st.container(border=True, key="scores_below"):
        below = view.voice.say("below")
        view.show(f"<h2>{escape(below)}</h2>")
        table(view, "scores", below, score_columns(view), rows, view.voice.say("below_note"))


def score_columns(view: View) -> list[Column]:
    """Columns of rows of `department_scores`."""
    voice = view.voice

    def name(row: Row) -> str:
        return view.unit_name(row["org_unit_id"])

    def link(row: Row) -> str:
        there = view.link("scorecard", unit=row["org_unit_id"])
        return f'<a href="{escape(there)}" target="_self">{escape(name(row))}</a>'

    def share(row: Row) -> str:
        return fmt.number(row["scored_weight"]) + "%"

    def status(row: Row) -> str:
        return voice.label(row["rag"])

    return [
        Column(voice.say("unit"), link, name, is_html=True),
        figures(voice.say("score"), "score", 1),
        Column(voice.say("status"), lambda row: cards.pill(row["rag"], voice), status, is_html=True),
        Column(voice.say("scored_share"), share, lambda row: row["scored_weight"], numeric=True),
        words(voice.say("reason"), lambda row: voice.label(row["reason"]) if row["reason"] else ""),
    ]
