"""What makes customers loyal: value, incentives, experience, feedback; and what it rests on: trust, satisfaction, motivation."""

from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts.funnel import funnel
from scorecard_app.queries import Row
from scorecard_app.reading import engines
from scorecard_app.view import View
from scorecard_app.views.parts.cells import interval, shown_value
from scorecard_app.views.parts.headings import absent, heading
from scorecard_app.views.parts.lifetime import lifetime_model
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column, figures, table, words

ASKS = {
    "perceived_value": "engine_perceived_value",
    "incentives": "engine_incentives",
    "experience": "engine_experience",
    "feedback": "engine_feedback",
    "trust": "engine_trust",
    "satisfaction": "engine_satisfaction",
    "motivation": "engine_motivation",
}


def page(view: View) -> None:
    """The whole page."""
    voice = view.voice
    heading(view, voice.say("page_engines"))
    if not absent(view, "engines"):
        _engines(view)
    lifetime_model(view)


def _engines(view: View) -> None:
    """Each engine of the chosen unit and period."""
    voice = view.voice
    found = engines.figures(view.data, view.unit, *view.at)
    if not found:
        view.show(f'<p class="muted">{escape(voice.say("engines_none"))}</p>')
        return
    view.show(f'<p class="muted lc-small">{escape(voice.say("engines_note"))}</p>')
    names = (
        {row["action_id"]: voice.of(row, "name") for row in view.data.rows("from business_actions")}
        if view.data.has("business_actions")
        else {}
    )
    for engine, measures in found.items():
        _engine(view, engine, measures, names)


def _engine(view: View, engine: str, measures: dict[str, list[Row]], names: dict[str, str]) -> None:
    """The engine's whole figures in words, its parts as a chart each, all of it as a table."""
    voice = view.voice
    with st.container(border=True, key=f"engine_{engine}"):
        ask = f'<p class="muted">{escape(voice.say(ASKS[engine]))}</p>' if engine in ASKS else ""
        view.show(f"<h2>{escape(_title(voice.label(engine)))}</h2>{ask}")
        rows: list[Row] = [
            row | {"kpi": _kpi(view, measure), "label": names.get(row["subject"]) or voice.label(row["subject"])}
            for measure, of in measures.items()
            for row in of
        ]
        view.show(_facts(view, [row for row in rows if row["subject"] == engines.WHOLE]))
        for measure in measures:
            parts: list[Row] = [
                row | {"word": voice.label(row["reading"])}
                for row in rows
                if row["measure"] == measure and row["subject"] != engines.WHOLE
            ]
            if len(parts) > 1:
                title = " · ".join([_title(voice.of(parts[0]["kpi"], "label")), *_other_period(view, parts[0])])
                view.show(f"<h3 class=part>{escape(title)}</h3>")
                whole = next((row["value"] for row in measures[measure] if row["subject"] == engines.WHOLE), None)
                picture(view, funnel(parts, whole, parts[0]["kpi"], voice, view.look), is_told=True)
            said = [f"{_title(row['label'])}: {row['word']}" for row in parts if row["word"]]
            if said:
                view.show(f'<p class="lc-small">{escape(" · ".join(said))}</p>')
        with st.expander(voice.say("engine_all"), icon=":material/table_rows:"):
            table(view, f"engine-{engine}", voice.label(engine), _columns(view), rows)


def _title(text: str) -> str:
    """A label as a heading begins."""
    return text[:1].upper() + text[1:]


def _other_period(view: View, row: Row) -> list[str]:
    """The name of the figure's period where it isn't the chosen one."""
    at = (row["period_kind"], row["period_start"])
    return [] if at == view.at else [fmt.period(*at, view.voice.language)]


def _kpi(view: View, measure: str) -> Row:
    """The catalogue's row of a measure that is a KPI; else what a chart and a table need to know of it."""
    known = view.data.kpis().get(measure)
    if known:
        return known
    unit = "percent" if measure in engines.SHARES else "points"
    row = view.voice.labels.get(measure) or {"en": measure, "zh": measure}
    return {"unit": unit, "label_en": row["en"], "label_zh": row["zh"], "direction": ""}


def _facts(view: View, rows: list[Row]) -> str:
    inner = "".join(
        f"<div><span>{escape(' · '.join([_title(view.voice.of(row['kpi'], 'label')), *_other_period(view, row)]))}</span>"
        f"<b>{escape(shown_value(view, row, row['kpi']))}</b>"
        f"<small>{escape(interval(view, row, row['kpi']))}</small><small>{escape(view.voice.label(row['reading']))}</small></div>"
        for row in rows
    )
    return f'<div class="lc-facts">{inner}</div>' if inner else ""


def _columns(view: View) -> list[Column]:
    voice = view.voice
    return [
        words(voice.say("engine_figure"), lambda row: voice.of(row["kpi"], "label")),
        words(voice.say("engine_part"), lambda row: row["label"]),
        Column(voice.say("value"), lambda row: shown_value(view, row, row["kpi"]), lambda row: row["value"], numeric=True),
        Column(voice.say("interval_title"), lambda row: interval(view, row, row["kpi"]), lambda row: interval(view, row, row["kpi"]), numeric=True),
        figures(voice.say("n_title"), "n"),
        words(voice.say("engine_reading"), lambda row: voice.label(row["reading"])),
        words(voice.say("period"), lambda row: fmt.period(row["period_kind"], row["period_start"], voice.language)),
    ]  # fmt: skip
