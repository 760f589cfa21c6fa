"""What a review pack says, as plain values: texts in one language and charts as Vega-Lite. No Streamlit, no layout."""

from dataclasses import dataclass, field
from datetime import date

from scorecard_app import format as fmt
from scorecard_app.cards import RAG_ICONS, VERDICT_ICONS, Voice
from scorecard_app.charts.theme import LIGHT
from scorecard_app.charts.trend import trend
from scorecard_app.charts.waterfall import waterfall
from scorecard_app.packs.deep import deep_review
from scorecard_app.published import About
from scorecard_app.queries import Queries, Row
from scorecard_app.reading.actions import Action, business_actions, by_month, kind_label
from scorecard_app.reading.health import watched
from scorecard_app.reading.periods import end_of, months_before
from scorecard_app.reading.score_change import Change, points, score_change
from scorecard_app.reading.series import monthly

MONTHS = 24  # of business actions beside the trends


class NothingToReview(Exception):
    """The unit has no KPI in the period, agreed or measured."""


@dataclass(frozen=True)
class Pack:
    """`content` is JSON for the template; `charts` are specifications by the name under which it places them."""

    content: Row
    charts: dict[str, Row] = field(default_factory=dict)


def collect(data: Queries, about: About, voice: Voice, unit: str, kind: str, start: date) -> Pack:
    """The monthly pack; for a quarter or a year with the deep review behind it.

    Raises NothingToReview where the unit has no KPI in the period.
    """
    kpis, names = data.kpis(), {row["org_unit_id"]: voice.of(row, "name") for row in data.rows("from org_units")}
    agreed = data.agreed(unit, kind, start)
    taken = {row["kpi_id"] for row in agreed}
    measured = [row | {"measured_org_unit_id": unit} for row in data.measured(unit, kind, start) if row["kpi_id"] not in taken and row["value"] is not None]  # fmt: skip
    if not agreed and not measured:
        raise NothingToReview(f"{unit}, {kind} {start}")
    few = {kpi["kpi_id"] for kpi in watched(data)}
    shown = agreed or [row for row in measured if row["kpi_id"] in few]
    until = end_of(kind, start)
    actions = business_actions(data, about.timezone, months_before(until, MONTHS), until)
    charts: dict[str, Row] = {}
    cards = [_card(data, voice, unit, (kind, start), row, kpis[row["kpi_id"]], names, actions, charts) for row in shown if row["kpi_id"] in kpis]  # fmt: skip
    score = data.score(unit, kind, start) or {}
    change = score_change(data, unit, kind, start)
    if change:
        charts["moved"] = _moved(voice, kpis, kind, start, change)
    content: Row = {
        "language": voice.language,
        "title": voice.say("pack_month" if kind == "month" else "pack_deep"),
        "company": about.company,
        "unit": names.get(unit, unit),
        "period": fmt.period(kind, start, voice.language),
        "demo": voice.say("demo") if about.demo else "",
        "origin": f"{voice.say('as_of')} {fmt.moment(about.as_of, about.timezone, voice.language)} · {voice.say('version')} {about.name} · {voice.say('digest')} {about.digest[:12]}",
        "score": _score(voice, score),
        "sum": _sum(voice, kpis, agreed, score.get("score")),
        "cards": cards,
        "measured": _measured(voice, kpis, [row for row in measured if row not in shown]),
        "below": _below(data, voice, unit, kind, start, names),
        "actions-head": ["#", *(voice.say(key) for key in ("action", "action_type", "action_begins", "action_owner"))],
        "actions": [_action(voice, one, names) for one in actions],
        "says": {key: voice.say(key) for key in _SAID},
        "deep": deep_review(data, voice, unit, kind, start, charts) if kind != "month" else None,
    }  # fmt: skip
    return Pack(content, charts)


_SAID = (
    "score", "score_scale", "how", "how_note", "also", "moved", "moved_note", "below", "below_note", "actions_marked", "coincidence",
    "pack_talk", "pack_talk_questions",
)  # fmt: skip


def _score(voice: Voice, row: Row) -> Row:
    rag = row.get("rag") or "grey"
    return {
        "value": fmt.number(row["score"], 1) if row.get("score") is not None else voice.say("no_score"),
        "rag": rag,
        "status": f"{RAG_ICONS[rag]} {voice.label(rag)}",
        "reason": voice.label(row["reason"]) if row.get("reason") else "",
        "weight": voice.say("scored_weight", share=fmt.number(row.get("scored_weight")) + "%") if row else "",
    }


def _sum(voice: Voice, kpis: dict[str, Row], agreed: list[Row], score: float | None) -> Row | None:
    """The score's table: head, lines, and the sum."""
    if not agreed:
        return None
    parts = points(agreed)
    lines = [
        [
            voice.of(kpis[row["kpi_id"]], "label") if row["kpi_id"] in kpis else row["kpi_id"],
            voice.measure(row["value"], kpis[row["kpi_id"]]) if row["kpi_id"] in kpis else fmt.NONE,
            voice.measure(row["target"], kpis[row["kpi_id"]]) if row["kpi_id"] in kpis else fmt.NONE,
            fmt.number(row["attainment"], 1), fmt.number(row["weight"]), fmt.number(parts.get(row["kpi_id"]), 1),
            f"{VERDICT_ICONS.get(row['verdict'], '–')} {voice.label(row['verdict'])}" if row["attainment"] is not None else voice.label(row["reason"]),
        ]
        for row in agreed
    ]  # fmt: skip
    head = [voice.say(key) for key in ("kpi", "value", "target", "attainment", "weight", "points", "verdict")]
    weight = sum(row["weight"] for row in agreed if row["attainment"] is not None)
    return {
        "head": head,
        "lines": lines,
        "total": [voice.say("score"), "", "", "", fmt.number(weight), fmt.number(score, 1), ""],
    }


def _card(
    data: Queries, voice: Voice, unit: str, at: tuple[str, date], row: Row, kpi: Row, names: dict[str, str],
    actions: list[Action], charts: dict[str, Row],
) -> Row:  # fmt: skip
    """One KPI; its trend goes into `charts`."""
    place = row["measured_org_unit_id"]
    cell = data.behind(row, *at) or {}
    months = [one for one in monthly(data, row["kpi_id"], unit, place) if one["period_start"] < end_of(*at)]
    picked = at[1] if at[0] == "month" else None
    chart = trend(months, kpi, voice, LIGHT, picked, by_month(actions), 150) if months else None
    if chart:
        charts[f"kpi_{row['kpi_id']}"] = chart
    hidden, value = row.get("status") == "hidden", row.get("value")
    interval = ""
    if row.get("ci_low") is not None:
        ends = (voice.measure(row["ci_low"], kpi), voice.measure(row["ci_high"], kpi))
        interval = voice.say("interval", span=fmt.span(*ends, voice.language))
    hints = [voice.label(row["reason"])] if row.get("reason") else []
    if row.get("basis") == "outside_campaigns":
        hints.append(voice.say("basis_outside_campaigns"))
    if place != unit:
        hints.append(voice.say("measured_at", unit=names.get(place, place)))
    if row.get("rag") == "red":
        hints.append("✎ " + voice.say("red_note"))
    goals = [[voice.say(key), voice.measure(row.get(key), kpi)] for key in ("threshold", "target", "stretch")]
    goals += [
        [voice.say("attainment"), fmt.number(row.get("attainment"), 1)],
        [voice.say("weight"), fmt.number(row.get("weight"))],
    ]
    ratio = ""
    if cell.get("denominator") is not None and value is not None:
        ratio = voice.ratio(cell, kpi)
    return {
        "name": voice.of(kpi, "label"),
        "value": voice.say("hidden") if hidden else voice.measure(value, kpi) if value is not None else voice.say("no_data"),
        "unit": voice.unit_word(kpi) if value is not None else "",
        "interval": interval,
        "size": " · ".join(one for one in (voice.say("n", n=fmt.number(row["n"])) if row.get("n") is not None else "", ratio) if one),
        "rag": row.get("rag") or "",
        "status": f"{RAG_ICONS[row['rag']]} {voice.label(row['rag'])}" if row.get("rag") else "",
        "verdict": f"{VERDICT_ICONS.get(row['verdict'], '–')} {voice.label(row['verdict'])}" if row.get("verdict") else "",
        "goals": goals if row.get("verdict") else [],
        "hints": hints,
        "notes": [[voice.say(key), voice.of(kpi, of)] for key, of in (("counts", "definition"), ("good_for", "role"), ("limits", "limitation"))],
        "chart": f"kpi_{row['kpi_id']}" if chart else "",
    }  # fmt: skip


def _moved(voice: Voice, kpis: dict[str, Row], kind: str, start: date, change: Change) -> Row:
    """The waterfall between two scores."""
    steps: list[Row] = [
        {"label": fmt.period(kind, change.since, voice.language), "change": change.before, "is_total": True}
    ]
    steps += [{"label": voice.of(kpis[one.kpi_id], "label") if one.kpi_id in kpis else one.kpi_id, "change": one.change, "is_total": False} for one in change.moved]  # fmt: skip
    steps.append({"label": fmt.period(kind, start, voice.language), "change": change.now, "is_total": True})
    return waterfall(steps, voice.say("moved"), voice, LIGHT)


def _measured(voice: Voice, kpis: dict[str, Row], rows: list[Row]) -> Row | None:
    """KPIs without an agreed target, a line each."""
    lines = []
    for row in rows:
        kpi = kpis.get(row["kpi_id"])
        if kpi:
            ends = (
                ""
                if row["ci_low"] is None
                else fmt.span(voice.measure(row["ci_low"], kpi), voice.measure(row["ci_high"], kpi), voice.language)
            )
            name = voice.of(kpi, "label") + (f" ({voice.say('guardrail')})" if kpi.get("is_guardrail") else "")
            lines.append(
                [name, f"{voice.measure(row['value'], kpi)} {voice.unit_word(kpi)}".strip(), ends, fmt.number(row["n"])]
            )
    head = [voice.say(key) for key in ("kpi", "value", "interval_title", "n_title")]
    return {"head": head, "lines": lines} if lines else None


def _below(data: Queries, voice: Voice, unit: str, kind: str, start: date, names: dict[str, str]) -> Row | None:
    """Scores of the units directly below, in the organisation's order."""
    scores = data.scores_below(unit, kind, start)
    lines = [
        [names.get(one, one), fmt.number(scores[one]["score"], 1), f"{RAG_ICONS[scores[one]['rag']]} {voice.label(scores[one]['rag'])}", fmt.number(scores[one]["scored_weight"]) + "%", voice.label(scores[one]["reason"]) if scores[one]["reason"] else ""]
        for one in data.units() if one in scores
    ]  # fmt: skip
    head = [voice.say(key) for key in ("unit", "score", "status", "scored_share", "reason")]
    return {"head": head, "lines": lines} if lines else None


def _action(voice: Voice, action: Action, names: dict[str, str]) -> list[str]:
    owner = action.row["owner_org_unit_id"]
    return [
        str(action.number),
        voice.of(action.row, "name"),
        kind_label(action, voice),
        fmt.day(action.first, voice.language),
        names.get(owner, owner or ""),
    ]
