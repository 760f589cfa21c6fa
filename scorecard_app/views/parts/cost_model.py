"""The programme's last year as a cost model, with a slider for each factor and what if beside it."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.queries import Row
from scorecard_app.reading import economics
from scorecard_app.reading.periods import end_of
from scorecard_app.view import View
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.tables import Column, table, words


def cost_model(view: View) -> None:
    """The last year beside what if, as a table; a slider for each factor."""
    voice = view.voice
    with st.container(border=True, key="model"):
        found = economics.last_year(economics.months(view.data), end_of(view.kind, view.start))
        if found is None:
            section(view, "economics_model")
            view.show(f'<p class="muted">{escape(voice.say("economics_no_year"))}</p>')
            return
        now, months = found
        view.show(
            f"<h2>{escape(voice.say('economics_model'))}</h2><p class='muted lc-small'>{escape(voice.say('economics_model_note', months=str(months)))}</p>"
        )
        left, right = st.columns([2, 3], gap="large")
        with left:
            then = replace(
                now,
                sales=_slide(view, "member_net_sales", now.sales, 2 * now.sales),
                earn_rate=_slide(view, "earn_rate", now.earn_rate, 3 * now.earn_rate or 1.0),
                redemption_rate=_slide(view, "redemption_rate", now.redemption_rate, 1.0, 100),
                unit_cost=_slide(view, "unit_cost", now.unit_cost, 3 * now.unit_cost or 0.1),
                benefit_cost=_slide(view, "benefit_cost", now.benefit_cost, 3 * now.benefit_cost or now.sales / 50),
                margin_share=_slide(view, "margin_share", now.margin_share, max(0.3, 3 * now.margin_share), 100),
            )
        with right:
            _compare(view, now, then)


def _slide(view: View, key: str, value: float, most: float, scale: float = 1.0) -> float:
    """A slider that begins at the published value; shares are shown in per cent."""
    most = max(most, value)
    step = most * scale / 200
    return (
        st.slider(
            view.voice.say(key),
            0.0,
            most * scale,
            value * scale,
            step,
            key=f"model_{key}",
            format=_format(most * scale, scale),
        )
        / scale
    )


def _format(most: float, scale: float) -> str:
    if scale != 1.0:
        return "%.1f%%"
    return "%.4f" if most < 1 else "%.2f" if most < 100 else "localized"


def _compare(view: View, now: economics.Model, then: economics.Model) -> None:
    """Both models line by line."""
    voice = view.voice

    def money(value: float | None) -> str:
        return fmt.money(value, voice.currency, voice.language)

    def share(value: float | None) -> str:
        return fmt.NONE if value is None else f"{fmt.number(100 * value, 1)}%"

    lines: list[tuple[str, Callable[[economics.Model], float | None], Callable[[float | None], str]]] = [
        ("member_net_sales", lambda one: one.sales, money),
        ("model_points_cost", lambda one: one.points_cost, money),
        ("benefit_cost", lambda one: one.benefit_cost, money),
        ("model_cost", lambda one: one.cost, money),
        ("model_increment", lambda one: one.increment, money),
        ("model_result", lambda one: one.result, money),
        ("model_roi", lambda one: one.roi, share),
        ("model_break_even", lambda one: one.break_even, share),
    ]
    rows: list[Row] = [
        {"line": voice.say(key), "now": of(now), "then": of(then), "text": text} for key, of, text in lines
    ]
    columns = [
        words(voice.say("model_line"), lambda row: row["line"]),
        Column(voice.say("model_now"), lambda row: row["text"](row["now"]), lambda row: row["now"], numeric=True),
        Column(voice.say("model_then"), lambda row: row["text"](row["then"]), lambda row: row["then"], numeric=True),
    ]
    table(view, "cost-model", voice.say("economics_model"), columns, rows)
