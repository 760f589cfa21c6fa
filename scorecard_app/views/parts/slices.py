"""Who and where: a KPI by parts of the customers, month by month, in the period, and around a business action."""

from datetime import date
from html import escape

import streamlit as st

from scorecard_app import format as fmt
from scorecard_app.charts.multiples import before_after, multiples
from scorecard_app.choices import choose
from scorecard_app.queries import Row
from scorecard_app.reading import series
from scorecard_app.reading.actions import Action, by_month
from scorecard_app.reading.details import by_part
from scorecard_app.reading.periods import months_before
from scorecard_app.view import View
from scorecard_app.views.parts import details
from scorecard_app.views.parts.cells import cell_columns
from scorecard_app.views.parts.headings import section
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import table, words

ACROSS, SHOWN_PARTS = 3, 6


def slices(view: View, kpi: Row, months: list[Row], actions: list[Action]) -> None:
    """Small multiples of one dimension, then each part before and after a chosen action."""
    voice = view.voice
    with st.container(border=True, key="slices"):
        section(view, "diagnose_slices")
        known = series.dimensions(view.data, kpi["kpi_id"], view.unit)
        if not known:
            view.show(f'<p class="muted">{escape(voice.say("diagnose_no_slices"))}</p>')
            return
        dimension = choose("slice_dimension", known, known[0], voice.label, voice, segmented=True)
        picked = _action(view, actions)
        parts = series.sliced(view.data, kpi["kpi_id"], view.unit, dimension)
        begin, end = months[0]["period_start"], months[-1]["period_start"]
        parts = {value: [row for row in rows if begin <= row["period_start"] <= end] for value, rows in parts.items()}
        largest = sorted(parts, key=lambda value: (-sum(row["n"] or 0 for row in parts[value]), value))
        shown = {voice.part(dimension, value): parts[value] for value in largest[:SHOWN_PARTS] if any(row["value"] is not None for row in parts[value])}  # fmt: skip
        if shown:
            charts = multiples(shown, months, kpi, voice, view.look, by_month([picked] if picked else []))
            _grid(view, charts)
            view.show(f'<p class="muted lc-small">{escape(voice.say("diagnose_slices_note"))}</p>')
        if len(largest) > SHOWN_PARTS:
            view.show(
                f'<p class="muted lc-small">{escape(voice.say("diagnose_more", count=str(len(largest) - SHOWN_PARTS)))}</p>'
            )
        _slice_table(view, kpi, dimension)
        if picked:
            _around(view, kpi, dimension, picked)


def _grid(view: View, charts: dict[str, Row]) -> None:
    names = list(charts)
    for begin in range(0, len(names), ACROSS):
        for column, name in zip(st.columns(ACROSS), names[begin : begin + ACROSS], strict=False):
            with column:
                view.show(f"<h3 class='part'>{escape(name)}</h3>")
                picture(view, charts[name])


def _slice_table(view: View, kpi: Row, dimension: str) -> None:
    """The period's cells by part, to read and to take away."""
    rows = view.data.rows(
        "from kpi_values where kpi_id = $kpi and org_unit_id = $unit and period_kind = $kind "
        "and period_start = $start and slice_dimension = $dimension order by n desc nulls last, slice_value",
        kpi=kpi["kpi_id"], unit=view.unit, kind=view.kind, start=view.start, dimension=dimension,
    )  # fmt: skip
    if rows:
        part = words(view.voice.label(dimension), lambda row: view.voice.part(dimension, row["slice_value"]))
        title = f"{view.voice.of(kpi, 'label')}, {view.voice.label(dimension)}"
        more = details.part_columns(view, kpi, by_part(view.data, kpi["kpi_id"], view.unit, *view.at, dimension))
        table(view, "slices", title, [part, *cell_columns(view, kpi), *more], rows)


def _action(view: View, actions: list[Action]) -> Action | None:
    """The action to mark and to compare around; the newest that has a whole quarter behind it, unless picked."""
    if not actions:
        return None
    known = {str(one.row["action_id"]): one for one in actions}
    old = [name for name, one in known.items() if one.first < months_before(view.start, 3)]
    default = old[-1] if old else next(iter(known))

    def label(name: str) -> str:
        return f"{known[name].number} · {view.voice.of(known[name].row, 'name')}"

    return known[choose("action", list(known), default, label, view.voice)]


def _around(view: View, kpi: Row, dimension: str, picked: Action) -> None:
    """Each part in the quarter before the action and the one after it."""
    voice = view.voice
    section(view, "diagnose_around", "diagnose_around_note")
    found = series.around(view.data, kpi["kpi_id"], view.unit, dimension, picked.first)
    pairs = {
        value: (a, b)
        for value, (a, b) in found.items()
        if a and b and a["value"] is not None and b["value"] is not None
    }
    if not pairs:
        view.show(f'<p class="muted">{escape(voice.say("diagnose_no_around"))}</p>')
        return
    ends = next(iter(pairs.values()))
    titles = (
        _named(view, "diagnose_before", ends[0]["period_start"]),
        _named(view, "diagnose_after", ends[1]["period_start"]),
    )
    same = {
        value: pair
        for value, pair in pairs.items()
        if [cell["period_start"] for cell in pair] == [cell["period_start"] for cell in ends]
    }
    view.show(
        f'<div class="lc-key"><span><i class="o grey"></i>{escape(titles[0])}</span><span><i class="d"></i>{escape(titles[1])}</span></div>'
    )
    chart = before_after({voice.label(value): pair for value, pair in same.items()}, kpi, voice, view.look, titles)
    picture(view, chart)
    view.show(f'<p class="muted lc-small">{escape(voice.say("coincidence"))}</p>')


def _named(view: View, text: str, quarter: date) -> str:
    return view.voice.say(text, period=fmt.period("quarter", quarter, view.voice.language))
