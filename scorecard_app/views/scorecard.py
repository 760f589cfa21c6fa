"""One unit's scorecard: pick unit and period, read the score, how it came about, and each KPI with its doubt and trend."""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from scorecard_app import cards, charts
from scorecard_app import format as fmt
from scorecard_app.cards import Row, Voice
from scorecard_app.choices import choose
from scorecard_app.published import Published

KINDS = ("month", "quarter", "year")


@dataclass(frozen=True)
class Scene:
    """What the reader has chosen to look at."""

    published: Published
    voice: Voice
    units: dict[str, Row]
    unit: str
    kind: str
    start: date
    complete: bool

    def show(self, body: str) -> None:
        st.html(cards.html(body, self.voice.language))

    def unit_name(self, unit: str) -> str:
        row = self.units.get(unit)
        return self.voice.of(row, "name") if row else unit


def page(published: Published, voice: Voice) -> None:
    """The whole page."""
    scene = _choose_scene(published, voice)
    if scene is None:
        title, body = voice.say("no_periods_title"), voice.say("no_periods_text")
        st.html(cards.state("◌", title, body, "", voice.language))
        return
    agreed, measured = _rows(scene)
    _heading(scene)
    if agreed and scene.complete:
        _score(scene, agreed)
    else:
        _why_no_score(scene)
    _units_below(scene)
    _kpis(scene, "agreed", agreed)
    _kpis(scene, "also" if agreed else "measured", measured)


def _choose_scene(published: Published, voice: Voice) -> Scene | None:
    units = published.units()
    root = next(iter(units), None)
    known = {kind: published.periods(kind) for kind in KINDS}
    kinds = [kind for kind in KINDS if known[kind]]
    if root is None or not kinds:
        return None

    def unit_label(unit: str) -> str:
        return "\u2003" * int(units[unit]["depth"]) + voice.of(units[unit], "name")

    columns = st.columns([5, 3, 3])
    with columns[0]:
        unit = choose("unit", list(units), root, unit_label, voice)
    with columns[1]:
        kind = choose("period_kind", kinds, kinds[0], lambda kind: voice.say(f"kind_{kind}"), voice, segmented=True)
    periods = known[kind]

    def period_label(start: str) -> str:
        name = fmt.period(kind, date.fromisoformat(start), voice.language)
        return name if periods[date.fromisoformat(start)] else voice.say("open_period", period=name)

    newest = next((start for start, complete in periods.items() if complete), next(iter(periods)))
    with columns[2]:
        starts = [start.isoformat() for start in periods]
        start = date.fromisoformat(choose("period", starts, newest.isoformat(), period_label, voice))
    return Scene(published, voice, units, unit, kind, start, periods[start])


def _rows(scene: Scene) -> tuple[list[Row], list[Row]]:
    """The agreed KPIs' rows, and those of the other KPIs measured here.

    An open period has no scorecard yet: its agreed KPIs are those of the unit's last one, without goals.
    """
    published, at = scene.published, (scene.kind, scene.start)
    agreed = published.agreed(scene.unit, *at)
    if not agreed:
        for kpi_id, measured_unit in published.last_scope(scene.unit, *at).items():
            cells = [cell for cell in published.measured(measured_unit, *at) if cell["kpi_id"] == kpi_id]
            agreed += [{**cell, "measured_org_unit_id": measured_unit} for cell in cells]
    taken = {row["kpi_id"] for row in agreed}
    others = [cell for cell in published.measured(scene.unit, *at) if cell["kpi_id"] not in taken]
    return agreed, [{**cell, "measured_org_unit_id": scene.unit} for cell in others]


def _heading(scene: Scene) -> None:
    voice = scene.voice
    state = voice.say("final" if scene.complete else "provisional")
    icon, tone = ("✔", "lc-grey") if scene.complete else ("◔", "lc-amber")
    scene.show(
        f"<h1>{escape(scene.unit_name(scene.unit))}</h1>"
        f'<span style="font-size:1.1rem;margin-right:.7rem">{escape(fmt.period(scene.kind, scene.start, voice.language))}</span>'
        f'<span class="lc-pill {tone}">{icon} {escape(state)}</span>'
    )


def _score(scene: Scene, agreed: list[Row]) -> None:
    """The score beside the sum it is made of."""
    voice = scene.voice
    row = scene.published.score(scene.unit, scene.kind, scene.start) or {}
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
            scene.show(f"<h2>{escape(voice.say('score'))}</h2>{figure}{reason}{weight}")
        with right:
            scene.show(f"<h2>{escape(voice.say('how'))}</h2>{_sum(scene, agreed, score)}")


def _sum(scene: Scene, agreed: list[Row], score: float | None) -> str:
    voice, kpis = scene.voice, scene.published.kpis()
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


def _why_no_score(scene: Scene) -> None:
    voice = scene.voice
    why = voice.say("no_scorecard" if scene.complete else "no_score_open")
    scene.show(f'<span class="lc-pill lc-grey">○ {escape(voice.say("no_score"))}</span>&ensp;{escape(why)}')


def _units_below(scene: Scene) -> None:
    """The units directly below that have a score, in the organisation's order: this is no league table."""
    voice = scene.voice
    scores = scene.published.scores_below(scene.unit, scene.kind, scene.start)
    if not scores:
        return
    lines = []
    for unit in (unit for unit in scene.units if unit in scores):
        row = scores[unit]
        query = f"?unit={unit}&period_kind={scene.kind}&period={scene.start.isoformat()}&lang={voice.language}"
        lines.append(
            [
                f'<a href="{escape(query)}" target="_self">{escape(scene.unit_name(unit))}</a>',
                fmt.number(row["score"], 1),
                cards.pill(row["rag"], voice),
                fmt.number(row["scored_weight"]) + "%",
                escape(voice.label(row["reason"])) if row["reason"] else "",
            ]
        )
    head = [("unit", False), ("score", True), ("status", False), ("scored_share", True), ("reason", False)]
    titles = [(voice.say(key), numeric) for key, numeric in head]
    with st.container(border=True):
        scene.show(
            f"<h2>{escape(voice.say('below'))}</h2>{cards.table(titles, lines)}"
            f'<p class="muted lc-small">{escape(voice.say("below_note"))}</p>'
        )


def _kpis(scene: Scene, title: str, rows: list[Row]) -> None:
    if not rows:
        return
    kpis = scene.published.kpis()
    scene.show(f'<h2 style="margin-top:1rem">{escape(scene.voice.say(title))}</h2>')
    for row in rows:
        _kpi(scene, row, kpis.get(row["kpi_id"], _unknown(row["kpi_id"])))


def _kpi(scene: Scene, row: Row, kpi: Row) -> None:
    """One KPI's card: what it is now on the left, how it came here on the right, what it means below."""
    voice = scene.voice
    with st.container(border=True, key=f"kpi_{row['kpi_id']}"):
        badge = cards.pill(row["rag"], voice) if row.get("rag") else ""
        scene.show(f'<div class="lc-head"><h3>{escape(voice.of(kpi, "label"))}</h3>{badge}</div>')
        left, right = st.columns([5, 7], gap="large")
        notes = cards.notes(kpi, voice) if voice.of(kpi, "definition") else ""
        is_judged = bool(row.get("verdict"))
        with left:
            scene.show(cards.figure(row, kpi, voice) + _judgement(scene, row, kpi))
            if notes and not is_judged:
                scene.show(notes)
        with right:
            months = scene.published.trend(row["kpi_id"], scene.unit, row["measured_org_unit_id"])
            chart = charts.trend(months, kpi, voice, scene.start if scene.kind == "month" else None)
            if chart is None:
                scene.show(f'<p class="muted lc-small">{escape(voice.say("no_trend"))}</p>')
            else:
                scene.show(_key(months, voice))
                st.vega_lite_chart(chart, width="stretch", theme=None)
        if notes and is_judged:
            scene.show(notes)


def _judgement(scene: Scene, row: Row, kpi: Row) -> str:
    """Verdict, goals and what to bear in mind when reading the number."""
    voice, parts = scene.voice, []
    if row.get("verdict"):
        parts.append(cards.bullet(row, kpi))
        parts.append(f'<p style="margin:.6rem 0 .5rem;font-weight:600">{cards.verdict(row["verdict"], voice)}</p>')
        parts.append(cards.goals(row, kpi, voice))
    hints = []
    if row.get("reason") == "below_floor":
        hints.append(voice.say("below_floor", floor=fmt.number(kpi["scored_floor"]), n=_floor_size(scene, row, kpi)))
    elif row.get("reason") and row.get("value") is not None:
        hints.append(voice.label(row["reason"]))
    if row.get("status") == "provisional":
        hints.append(voice.label("provisional"))
    if row.get("basis") == "outside_campaigns":
        hints.append(voice.say("basis_outside_campaigns"))
    if row["measured_org_unit_id"] != scene.unit:
        hints.append(voice.say("measured_at", unit=scene.unit_name(row["measured_org_unit_id"])))
    if (row.get("weak_share") or 0) >= 0.005:
        share = fmt.measure(100 * row["weak_share"], "percent", voice.language, voice.currency)
        hints.append(voice.say("weak", share=share))
    if hints:
        parts.append(f'<p class="muted lc-small" style="margin:.6rem 0 0">{"<br>".join(map(escape, hints))}</p>')
    return "".join(parts)


def _floor_size(scene: Scene, row: Row, kpi: Row) -> str:
    """The size that the scored floor is compared with: events where the KPI says so, else sampling units."""
    if kpi["floor_basis"] != "x":
        return fmt.number(row["n"])
    cells = scene.published.measured(row["measured_org_unit_id"], scene.kind, scene.start)
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
    calendar = charts.every_month(months[0]["period_start"], months[-1]["period_start"])
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
