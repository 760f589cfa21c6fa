"""What the loyalty programme costs, brings and owes; a cost model with sliders; what campaigns and pilots achieved."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts.amounts import amounts
from scorecard_app.queries import Row
from scorecard_app.reading import economics
from scorecard_app.reading.periods import end_of
from scorecard_app.view import View
from scorecard_app.views.parts import effects
from scorecard_app.views.parts.headings import absent, heading, section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column, table, words

SHARES, AMOUNTS = ("redemption_rate", "breakage_rate"), ("liability", "expected_liability")
COSTS = ("redemption_cost", "benefit_cost", "member_net_sales")
COUNTS = ("points_earned", "points_redeemed", "points_outstanding")


def page(view: View) -> None:
    """The whole page."""
    heading(view, view.voice.say("page_economics"))
    if absent(view, "programme_economics"):
        return
    _owed(view)
    _model(view)
    effects.campaigns(view)
    effects.pilots(view)


def shown(view: View, key: str, value: float | None) -> str:
    """A figure of the programme as people write it."""
    voice = view.voice
    if value is None:
        return fmt.NONE
    if key in SHARES or key == "margin_share":
        return f"{fmt.number(100 * value, 1)}%"
    if key in COUNTS:
        return fmt.compact(value, voice.language)
    if key == "earn_rate":
        return fmt.number(value, 2)
    if key == "unit_cost":
        return (
            fmt.money(value, voice.currency, voice.language)
            if value >= 0.1
            else f"{voice.currency} {fmt.number(value, 4)}"
        )
    return fmt.money(value, voice.currency, voice.language)


def _owed(view: View) -> None:
    """The period's figures, then liability by month."""
    voice = view.voice
    row = next(iter(view.data.rows("from programme_economics where period_kind = $kind and period_start = $start", kind=view.kind, start=view.start)), None)  # fmt: skip
    keys = [*AMOUNTS, "points_outstanding", *SHARES, "earn_rate", "unit_cost", *COSTS]
    with st.container(border=True, key="owed"):
        section(view, "economics_owed")
        if row is None or row["status"] == "hidden":
            view.show(f'<p class="muted">{escape(voice.say("hidden" if row else "no_data"))}</p>')
        else:
            inner = "".join(f"<div><span>{escape(voice.say(key))}</span><b>{escape(shown(view, key, row[key]))}</b></div>" for key in keys)  # fmt: skip
            view.show(
                f'<p class="muted lc-small">{escape(voice.say("economics_period", period=view.period))}</p><div class="lc-facts">{inner}</div>'
            )
        months = [one for one in economics.months(view.data) if one["period_start"] < end_of(view.kind, view.start)][
            -24:
        ]
        if any(one["liability"] is not None for one in months):
            section(view, "economics_course")
            chart = amounts(
                months, {key: voice.say(key) for key in AMOUNTS}, voice.say("economics_course"), voice, view.look
            )
            picture(view, chart)
            table(
                view,
                "programme",
                voice.say("economics_owed"),
                [_month(view), *(_figure(view, key) for key in keys)],
                list(reversed(months)),
            )


def _month(view: View) -> Column:
    return Column(
        view.voice.say("month"),
        lambda row: fmt.period("month", row["period_start"], view.voice.language),
        lambda row: row["period_start"],
    )


def _figure(view: View, key: str) -> Column:
    return Column(view.voice.say(key), lambda row: shown(view, key, row[key]), lambda row: row[key], numeric=True)


def _model(view: View) -> None:
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
    return "%.4f" if most < 1 else "%.2f" if most < 100 else "%.0f"


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
