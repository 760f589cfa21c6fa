"""One unit's scorecard: the score, how it came about, and each KPI with its doubt and trend."""

from html import escape
from typing import Any

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.cards import Row, Voice
from scorecard_app.charts import trend
from scorecard_app.view import View


def page(view: View) -> None:
    """The whole page."""
    agreed, measured = _rows(view)
    _heading(view)
    if agreed and view.complete:
        _score(view, agreed)
    else:
        _why_no_score(view)
    _units_below(view)
    _kpis(view, "agreed", agreed)
    _kpis(view, "also" if agreed else "measured", measured)


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


def _heading(view: View) -> None:
    voice = view.voice
    state = voice.say("final" if view.complete else "provisional")
    icon, tone = ("✔", "lc-grey") if view.complete else ("◔", "lc-amber")
    view.show(
        f"<h1>{escape(view.unit_name(view.unit))}</h1>"
        f'<span style="font-size:1.1rem;margin-right:.7rem">{escape(view.period)}</span>'
        f'<span class="lc-pill {tone}">{icon} {escape(state)}</span>'
    )


def _score(view: View, agreed: list[Row]) -> None:
    """The score beside the sum it is made of."""
    voice = view.voice
    row = view.data.score(view.unit, view.kind, view.start) or {}
    score = row.get("score")
    with st.container(border=True):
        left, right = st.columns([3, 8], gap="large")
        with left:
            if score is None:
                figure = f'<div class="lc-score none">{escape(voice.say("no_score"))}</div>'
                reason = f'<p class="lc-small">{escape(voice.label(row.get("reason")))}</p>'
            else:
                figure = f'<div class="lc-score">{fmt.number(score, 1)}</div>{cards.pill(row["rag"], voice)}'
                reason = f'<p class="muted lc-small" style="margin:.7rem 0 0">{escape(voice.say("score_scale"))}</p>'
            share = fmt.number(row.get("scored_weight")) + "%"
            weight = f'<p class="muted lc-small" style="margin:.2rem 0 0">{escape(voice.say("scored_weight", share=share))}</p>'
            view.show(f"<h2>{escape(voice.say('score'))}</h2>{figure}{reason}{weight}")
        with right:
            view.show(f"<h2>{escape(voice.say('how'))}</h2>{_sum(view, agreed, score)}")


def _sum(view: View, agreed: list[Row], score: float | None) -> str:
    voice, kpis = view.voice, view.data.kpis()
    scored = sum(row["weight"] for row in agreed if row["attainment"] is not None)
    head = [
        ("kpi", False),
        ("value", True),
        ("target", True),
        ("attainment", True),
        ("weight", True),
        ("points", True),
        ("verdict", False),
    ]
    lines = []
    for row in agreed:
        kpi = kpis.get(row["kpi_id"], _unknown(row["kpi_id"]))
        counts = row["attainment"] is not None
        lines.append(
            [
                escape(voice.of(kpi, "label")),
                escape(voice.measure(row["value"], kpi)),
                escape(voice.measure(row["target"], kpi)),
                fmt.number(row["attainment"], 1) if counts else fmt.NONE,
                fmt.number(row["weight"], 0),
                fmt.number(row["weight"] * row["attainment"] / scored, 1) if counts else fmt.NONE,
                cards.verdict(row["verdict"], voice)
                if counts
                else f'<span class="muted">{escape(voice.label(row["reason"]))}</span>',
            ]
        )
    total = [escape(voice.say("score")), "", "", "", fmt.number(scored, 0), fmt.number(score, 1), ""]
    titles = [(voice.say(key), numeric) for key, numeric in head]
    return (
        cards.table(titles, [*lines, total], last_is_sum=True)
        + f'<p class="muted lc-small">{escape(voice.say("how_note"))}</p>'
    )


def _why_no_score(view: View) -> None:
    voice = view.voice
    why = voice.say("no_scorecard" if view.complete else "no_score_open")
    view.show(f'<span class="lc-pill lc-grey">○ {escape(voice.say("no_score"))}</span>&ensp;{escape(why)}')


def _units_below(view: View) -> None:
    """The units directly below that have a score, in the organisation's order: this is no league table."""
    voice = view.voice
    scores = view.data.scores_below(view.unit, view.kind, view.start)
    if not scores:
        return
    lines = []
    for unit in (unit for unit in view.units if unit in scores):
        row = scores[unit]
        lines.append(
            [
                f'<a href="{escape(view.link("scorecard", unit=unit))}" target="_self">{escape(view.unit_name(unit))}</a>',
                fmt.number(row["score"], 1),
                cards.pill(row["rag"], voice),
                fmt.number(row["scored_weight"]) + "%",
                escape(voice.label(row["reason"])) if row["reason"] else "",
            ]
        )
    head = [("unit", False), ("score", True), ("status", False), ("scored_share", True), ("reason", False)]
    titles = [(voice.say(key), numeric) for key, numeric in head]
    with st.container(border=True):
        view.show(
            f"<h2>{escape(voice.say('below'))}</h2>{cards.table(titles, lines)}"
            f'<p class="muted lc-small">{escape(voice.say("below_note"))}</p>'
        )


def _kpis(view: View, title: str, rows: list[Row]) -> None:
    if not rows:
        return
    kpis = view.data.kpis()
    view.show(f'<h2 style="margin-top:1rem">{escape(view.voice.say(title))}</h2>')
    for row in rows:
        _kpi(view, row, kpis.get(row["kpi_id"], _unknown(row["kpi_id"])))


def _kpi(view: View, row: Row, kpi: Row) -> None:
    """One KPI's card: what it is now on the left, how it came here on the right, what it means below."""
    voice = view.voice
    with st.container(border=True, key=f"kpi_{row['kpi_id']}"):
        badge = cards.pill(row["rag"], voice) if row.get("rag") else ""
        view.show(f'<div class="lc-head"><h3>{escape(voice.of(kpi, "label"))}</h3>{badge}</div>')
        left, right = st.columns([5, 7], gap="large")
        notes = cards.notes(kpi, voice) if voice.of(kpi, "definition") else ""
        is_judged = bool(row.get("verdict"))
        with left:
            view.show(cards.figure(row, kpi, voice) + _judgement(view, row, kpi))
            if notes and not is_judged:
                view.show(notes)
        with right:
            months = view.data.trend(row["kpi_id"], view.unit, row["measured_org_unit_id"])
            chart = trend.trend(months, kpi, voice, view.look, view.start if view.kind == "month" else None)
            if chart is None:
                view.show(f'<p class="muted lc-small">{escape(voice.say("no_trend"))}</p>')
            else:
                view.show(_key(months, voice))
                st.vega_lite_chart(chart, width="stretch", theme=None)
        if notes and is_judged:
            view.show(notes)


def _judgement(view: View, row: Row, kpi: Row) -> str:
    """Verdict, goals and what to bear in mind when reading the number."""
    voice, parts = view.voice, []
    if row.get("verdict"):
        parts.append(cards.bullet(row, kpi))
        parts.append(f'<p style="margin:.6rem 0 .5rem;font-weight:600">{cards.verdict(row["verdict"], voice)}</p>')
        parts.append(cards.goals(row, kpi, voice))
    hints = []
    if row.get("reason") == "below_floor":
        hints.append(voice.say("below_floor", floor=fmt.number(kpi["scored_floor"]), n=_floor_size(view, row, kpi)))
    elif row.get("reason") and row.get("value") is not None:
        hints.append(voice.label(row["reason"]))
    if row.get("status") == "provisional":
        hints.append(voice.label("provisional"))
    if row.get("basis") == "outside_campaigns":
        hints.append(voice.say("basis_outside_campaigns"))
    if row["measured_org_unit_id"] != view.unit:
        hints.append(voice.say("measured_at", unit=view.unit_name(row["measured_org_unit_id"])))
    if (row.get("weak_share") or 0) >= 0.005:
        share = fmt.measure(100 * row["weak_share"], "percent", voice.language, voice.currency)
        hints.append(voice.say("weak", share=share))
    if hints:
        parts.append(f'<p class="muted lc-small" style="margin:.6rem 0 0">{"<br>".join(map(escape, hints))}</p>')
    return "".join(parts)


def _floor_size(view: View, row: Row, kpi: Row) -> str:
    """The size that the scored floor is compared with: events where the KPI says so, else sampling units."""
    if kpi["floor_basis"] != "x":
        return fmt.number(row["n"])
    cells = view.data.measured(row["measured_org_unit_id"], view.kind, view.start)
    return next((fmt.number(cell["denominator"]) for cell in cells if cell["kpi_id"] == row["kpi_id"]), fmt.NONE)


def _key(months: list[Row], voice: Voice) -> str:
    """The chart's legend, naming only what is on it."""
    marks = [("v", "legend_value")]
    if any(row["ci_low"] is not None for row in months):
        marks.append(("b", "legend_interval"))
    if any(row["target"] is not None for row in months):
        marks.append(("t", "legend_target"))
    if any(row["status"] == "provisional" for row in months):
        marks.append(("o", "legend_open"))
    spans = "".join(f'<span><i class="{mark}"></i>{escape(voice.say(key))}</span>' for mark, key in marks)
    calendar = trend.every_month(months[0]["period_start"], months[-1]["period_start"])
    if len(calendar) > sum(row["value"] is not None for row in months):
        spans += f"<span>{escape(voice.say('legend_gap'))}</span>"
    return f'<div class="lc-key"><b>{escape(voice.say("trend"))}</b>{spans}</div>'


def _unknown(kpi_id: str) -> dict[str, Any]:
    """An agreed KPI that this version's catalogue does not know: it keeps its id, and its reason says the rest."""
    texts = {f"{column}_{language}": "" for column in ("definition", "role", "limitation") for language in ("en", "zh")}
    return texts | {
        "label_en": kpi_id,
        "label_zh": kpi_id,
        "unit": "",
        "direction": "",
        "shown_floor": 0,
        "scored_floor": 0,
        "floor_basis": "n",
    }
