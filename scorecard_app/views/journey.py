"""The customer's journey: each stage × KPI against the whole, then the touchpoints, then what people say there."""

from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.charts.funnel import funnel
from scorecard_app.choices import choose
from scorecard_app.queries import Row
from scorecard_app.reading import journey
from scorecard_app.reading.notes import field_notes
from scorecard_app.reading.periods import end_of
from scorecard_app.view import View
from scorecard_app.views.parts.cells import cell_columns
from scorecard_app.views.parts.headings import heading, section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import sheet, table, take_away, words

ICONS = {"better": "▲", "worse": "▼", "alike": "≈", "unknown": "○"}
NEWEST = 12


def page(view: View) -> None:
    """The whole page."""
    heading(view, view.voice.say("page_journey"))
    cells = {
        at: cell for at, cell in journey.stages(view.data, view.unit, *view.at).items() if cell["value"] is not None
    }
    if not cells:
        view.show(f'<p class="muted">{escape(view.voice.say("journey_none"))}</p>')
        return
    kpis = {kpi_id: kpi for kpi_id, kpi in view.data.kpis().items() if any(at[1] == kpi_id for at in cells)}
    stages = [stage for stage in journey.STAGES if any(at[0] == stage for at in cells)]
    stages += sorted({stage for stage, _ in cells} - set(journey.STAGES))
    _map(view, cells, kpis, stages)
    _touchpoints(view, kpis)
    _voices(view, stages)


def _map(view: View, cells: dict[tuple[str, str], Row], kpis: dict[str, Row], stages: list[str]) -> None:
    """The heat map as a table: icon, value and n in every cell, so that colour only repeats what is said."""
    voice = view.voice
    furthest = {
        kpi_id: max((abs(cell["value"] - cell["overall"]) for (_, of), cell in cells.items() if of == kpi_id and cell["overall"] is not None), default=0)
        for kpi_id in kpis
    }  # fmt: skip
    lines = []
    for stage in stages:
        line = [f"<b>{escape(voice.label(stage))}</b>"]
        for kpi_id, kpi in kpis.items():
            cell = cells.get((stage, kpi_id))
            line.append(_heat(view, cell, kpi, furthest[kpi_id]) if cell else f'<span class="muted">{fmt.NONE}</span>')
        lines.append(line)
    whole = [f"<span class=muted>{escape(voice.say('journey_whole'))}</span>"]
    for kpi_id, kpi in kpis.items():
        overall = next((cell["overall"] for (_, of), cell in cells.items() if of == kpi_id), None)
        whole.append(f'<span class="muted">{escape(voice.measure(overall, kpi))}</span>')
    head = [(voice.say("journey_stage"), False), *((voice.of(kpi, "label"), False) for kpi in kpis.values())]
    with st.container(border=True, key="journey_map"):
        section(view, "journey_map")
        view.show(
            f'<div class="lc-heat">{cards.table(voice.say("journey_map"), head, [*lines, whole])}</div><p class="muted lc-small">{escape(voice.say("journey_map_note"))}</p>'
        )
        rows = [cell | {"kpi": kpis[kpi_id]} for (_, kpi_id), cell in sorted(cells.items())]
        columns = [
            words(voice.say("journey_stage"), lambda row: voice.label(row["slice_value"])),
            words(voice.say("kpi"), lambda row: voice.of(row["kpi"], "label")),
            *cell_columns(view, next(iter(kpis.values()))),
            words(voice.say("journey_compared"), lambda row: _leaning(view, row, row["kpi"])),
        ]
        plain = [column for column in columns if column.title != voice.say("interval_title")]
        take_away(view, "journey", lambda: sheet(view, voice.say("journey_map"), plain, rows))


def _heat(view: View, cell: Row, kpi: Row, furthest: float) -> str:
    voice, lean = view.voice, journey.leaning(cell, kpi["direction"])
    gap = abs(cell["value"] - cell["overall"]) / furthest if furthest and cell["overall"] is not None else 0
    strength = f"--s:{20 + 65 * gap:.0f}%" if lean in ("better", "worse") else "--s:0%"
    size = voice.say("n", n=fmt.number(cell["n"]))
    return (
        f'<div class="cell {lean}" style="{strength}" title="{escape(_leaning(view, cell, kpi))}">'
        f'<span aria-hidden="true">{ICONS[lean]}</span> <b>{escape(voice.measure(cell["value"], kpi))}</b>'
        f'<small>{escape(size)}</small><span class="unseen">{escape(_leaning(view, cell, kpi))}</span></div>'
    )


def _leaning(view: View, row: Row, kpi: Row) -> str:
    lean = journey.leaning(row, kpi["direction"])
    return view.voice.say("leaning_unknown" if lean == "unknown" else lean)


def _touchpoints(view: View, kpis: dict[str, Row]) -> None:
    voice = view.voice
    with st.container(border=True, key="touchpoints"):
        section(view, "journey_touchpoints")
        kpi = kpis[choose("kpi", list(kpis), next(iter(kpis)), lambda one: voice.of(kpis[one], "label"), voice)]
        rows = journey.touchpoints(view.data, kpi["kpi_id"], view.unit, *view.at)
        shown = [
            row | {"label": voice.label(row["slice_value"]), "word": _leaning(view, row, kpi)}
            for row in rows
            if row["value"] is not None
        ]
        if not shown:
            view.show(f'<p class="muted">{escape(voice.say("journey_no_touchpoints"))}</p>')
            return
        chart = funnel(shown, rows[0]["overall"], kpi, voice, view.look)
        picture(view, chart, is_told=True)
        columns = [
            words(voice.label("touchpoint"), lambda row: voice.label(row["slice_value"])),
            *cell_columns(view, kpi),
            words(
                voice.say("journey_compared"),
                lambda row: f"{ICONS[journey.leaning(row, kpi['direction'])]} {_leaning(view, row, kpi)}",
            ),
        ]
        table(view, "touchpoints", f"{voice.of(kpi, 'label')}: {voice.say('journey_touchpoints')}", columns, rows)


def _voices(view: View, stages: list[str]) -> None:
    voice = view.voice
    notes = field_notes(view.data, end_of(view.kind, view.start))
    if not notes:
        return
    with st.container(border=True, key="voices"):
        section(view, "journey_voices")
        named = [stage for stage in journey.STAGES if any(note["journey_stage"] == stage for note in notes)]
        if not named:
            return
        default = next((stage for stage in stages if stage in named), named[0])
        stage = choose("journey_stage", named, default, voice.label, voice, segmented=True)
        rows = [note for note in notes if note["journey_stage"] == stage][:NEWEST]
        said = "".join(
            f"<li>{escape(note['text'] or '')} <span class='muted lc-small'>{escape(fmt.day(note['noted_at'].date(), voice.language))} · {escape(voice.label(note['author_role']))} · {escape(voice.label(note['touchpoint']))}</span></li>"
            for note in rows
        )
        view.show(f'<ul class="lc-voices">{said}</ul>')
