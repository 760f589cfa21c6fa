"""What the loyalty programme costs, brings and owes; a cost model with sliders; what campaigns and pilots achieved."""

from dataclasses import replace
from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts.amounts import amounts
from scorecard_app.reading import economics
from scorecard_app.reading.periods import end_of
from scorecard_app.view import View
from scorecard_app.views.parts import effects
from scorecard_app.views.parts.cost_model import cost_model
from scorecard_app.views.parts.headings import absent, heading, section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column, table

SHARES, AMOUNTS = ("redemption_rate", "breakage_rate"), ("liability", "expected_liability")
COSTS = ("redemption_cost", "benefit_cost", "member_net_sales")
COUNTS = ("points_earned", "points_redeemed", "points_outstanding")


def page(view: View) -> None:
    """The whole page, which is of the whole company whatever unit was picked: its tables have none."""
    top = next(iter(view.data.rows("from org_units where parent_org_unit_id is null")))
    view = replace(view, chosen=replace(view.moment, unit=top["org_unit_id"]))
    heading(view, view.voice.say("page_economics"))
    if absent(view, "programme_economics"):
        return
    _owed(view)
    cost_model(view)
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
    return fmt.money(value, voice.currency, voice.language)


def _owed(view: View) -> None:
    """The period's figures, then liability by month."""
    voice = view.voice
    row = next(iter(view.data.rows("from programme_economics where period_kind = $kind and period_start = $start", kind=view.kind, start=view.start)), None)  # fmt: skip
    keys = [*AMOUNTS, "points_outstanding", *SHARES, "earn_rate", "unit_cost", *COSTS]
    with st.container(border=True, key="owed"):
        section(view, "economics_owed")
        if row is None or row["status"] == "hidden":
            view.show(f'<p class="muted">{escape(voice.say("economics_hidden" if row else "no_data"))}</p>')
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
            picture(view, chart, is_told=True)
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
