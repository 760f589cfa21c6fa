"""A KPI's cell as columns of a table: value, interval, n, numerator and denominator."""

from html import escape

from scorecard_app import format as fmt
from scorecard_app.queries import Row
from scorecard_app.view import View
from scorecard_app.views.parts.tables import Column, figures


def shown_value(view: View, row: Row, kpi: Row) -> str:
    """The value in its unit, or that it is hidden."""
    return view.voice.say("hidden") if row.get("status") == "hidden" else view.voice.measure(row["value"], kpi)


def interval(view: View, row: Row, kpi: Row) -> str:
    """Both ends of the interval, or a dash."""
    if row.get("ci_low") is None:
        return fmt.NONE
    low, high = view.voice.measure(row["ci_low"], kpi), view.voice.measure(row["ci_high"], kpi)
    return fmt.span(low, high, view.voice.language)


def ratio(view: View, cell: Row | None, kpi: Row) -> str:
    """Numerator and denominator behind a value, as HTML; nothing without a value."""
    if not cell or cell["denominator"] is None or cell["value"] is None:
        return ""
    return f'<div class="muted lc-small">{escape(view.voice.ratio(cell, kpi))}</div>'


def cell_columns(view: View, kpi: Row) -> list[Column]:
    """Columns of rows of `kpi_values`, whose numbers all are of one KPI."""
    say = view.voice.say
    return [
        Column(say("value"), lambda row: shown_value(view, row, kpi), lambda row: row["value"], numeric=True),
        Column(say("interval_title"), lambda row: interval(view, row, kpi), lambda row: interval(view, row, kpi), numeric=True),
        figures(say("n_title"), "n"),
        Column(say("numerator"), lambda row: fmt.total(row["numerator"]), lambda row: row["numerator"], numeric=True),
        Column(say("denominator"), lambda row: fmt.total(row["denominator"]), lambda row: row["denominator"], numeric=True),
    ]  # fmt: skip


def unknown(kpi_id: str) -> Row:
    """An agreed KPI that this version's catalogue does not know: it keeps its id, and its reason says the rest."""
    texts = {f"{column}_{language}": "" for column in ("definition", "role", "limitation") for language in ("en", "zh")}
    named = {"label_en": kpi_id, "label_zh": kpi_id, "unit": "", "direction": "", "floor_basis": "n"}
    return texts | named | {"shown_floor": 0, "scored_floor": 0}
