"""One KPI's card: what it is now, how sure, against what was agreed, how it came here, and what it means."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from scorecard_app import cards
from scorecard_app import format as fmt
from scorecard_app.charts.trend import trend
from scorecard_app.queries import Row
from scorecard_app.reading.actions import Action, by_month
from scorecard_app.reading.series import monthly
from scorecard_app.store.notes import Note
from scorecard_app.view import View
from scorecard_app.views.parts.cells import interval, ratio, shown_value
from scorecard_app.views.parts.details import beside
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.red_note import red_note
from scorecard_app.views.parts.trends import key


def kpi_card(
    view: View, row: Row, kpi: Row, actions: list[Action], today: tuple[Row | None, Row] | None, notes: Sequence[Note]
) -> None:
    """Draw the card.

    Args:
        view: The request.
        row: The scorecard's row, or the measured cell where nothing was agreed; with ``measured_org_unit_id``.
        kpi: Its row of the catalogue.
        actions: Business actions to mark on the trend.
        today: The last complete month and the open one, where the latter exists.
        notes: What was written about it.
    """
    voice = view.voice
    with st.container(border=True, key=f"kpi_{row['kpi_id']}"):
        badge = cards.pill(row["rag"], voice) if row.get("rag") else ""
        view.show(f'<div class="lc-head"><h3>{escape(voice.of(kpi, "label"))}</h3>{badge}</div>')
        left, right = st.columns([5, 7], gap="large")
        about = cards.notes(kpi, voice) if voice.of(kpi, "definition") else ""
        is_judged = bool(row.get("verdict"))
        with left:
            view.show(
                cards.figure(row, kpi, voice)
                + (ratio(view, cell_of(view, row), kpi) if row.get("value") is not None else "")
                + beside(view, kpi, row["measured_org_unit_id"])
                + _judgement(view, row, kpi)
                + _today(view, kpi, today)
            )
            if is_judged:
                red_note(view, row, notes)
            elif about:
                view.show(about)
        with right:
            months = monthly(view.data, row["kpi_id"], view.unit, row["measured_org_unit_id"])
            marks = by_month(actions)
            chart = trend(months, kpi, voice, view.look, view.start if view.kind == "month" else None, marks)
            if chart is None:
                view.show(f'<p class="muted lc-small">{escape(voice.say("no_trend"))}</p>')
            else:
                known = {month["period_start"] for month in months}
                view.show(key(months, kpi, voice, any(month in known for month in marks)))
                picture(view, chart)
        if about and is_judged:
            view.show(about)


def cell_of(view: View, row: Row) -> Row | None:
    """The cell of `kpi_values` that a scorecard's row speaks of."""
    return view.data.behind(row, *view.at)


def _judgement(view: View, row: Row, kpi: Row) -> str:
    """Verdict, goals and what to bear in mind when reading the number."""
    voice, parts = view.voice, []
    if row.get("verdict"):
        parts.append(cards.bullet(row, kpi))
        parts.append(f'<p class="lc-verdict">{cards.verdict(row["verdict"], voice)}</p>')
        parts.append(cards.goals(row, kpi, voice))
    if hints := _hints(view, row, kpi):
        parts.append(f'<p class="muted lc-small">{"<br>".join(map(escape, hints))}</p>')
    return "".join(parts)


def _hints(view: View, row: Row, kpi: Row) -> list[str]:
    voice, hints = view.voice, []
    if row.get("reason") == "below_floor":
        cell = cell_of(view, row) or {}
        size = cell.get("denominator") if kpi["floor_basis"] == "x" else row["n"]
        hints.append(voice.say("below_floor", floor=fmt.number(kpi["scored_floor"]), n=fmt.number(size)))
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
    return hints


def _today(view: View, kpi: Row, today: tuple[Row | None, Row] | None) -> str:
    """The open month beside the last complete one."""
    if today is None:
        return ""
    voice = view.voice
    cells = [cell for cell in today if cell]
    inner = "".join(
        f"<div><span>{'◔ ' if cell['status'] == 'provisional' else ''}{escape(fmt.period('month', cell['period_start'], voice.language))}</span>"
        f"<b>{escape(shown_value(view, cell, kpi))}</b><small>{escape(interval(view, cell, kpi))} · {escape(voice.say('n', n=fmt.number(cell['n'])))}</small></div>"
        for cell in cells
    )
    return f'<div class="lc-today"><p>{escape(voice.say("month_to_date"))}</p><div class="lc-facts">{inner}</div></div>'
