"""The figures beside a KPI's value: how long it took, what is left over, who it is compared with."""

from collections.abc import Mapping
from html import escape

from scorecard_app import format as fmt
from scorecard_app.charts.amounts import lines
from scorecard_app.charts.trend import every_month
from scorecard_app.queries import Row
from scorecard_app.reading import details
from scorecard_app.view import View
from scorecard_app.views.parts.pictures import picture
from scorecard_app.views.parts.tables import Column


def shown(view: View, kpi: Row, measure: str, value: float | None) -> str:
    """A measure as people write it; a wait that too many have not seen the end of is said to be unknown."""
    if value is None:
        return view.voice.say("detail_unknown") if measure in details.DURATIONS else fmt.NONE
    if measure in details.DURATIONS:
        return f"{fmt.number(value, 1)} {view.voice.label(kpi['duration_unit'])}"
    if measure == "control_n":
        return fmt.number(value)
    if measure in ("share", "largest_share"):
        return f"{fmt.number(100 * value, 1)}%"
    return fmt.number(value, 1) + ("" if measure == "control_gap" else "%")


def beside(view: View, kpi: Row, unit: str) -> str:
    """The measures of the chosen period at a unit as HTML, each with its interval where it has one; else nothing."""
    found = details.beside(view.data, kpi["kpi_id"], unit, *view.at)
    inner = "".join(
        f"<div><span>{escape(view.voice.label(measure))}</span><b>{escape(shown(view, kpi, measure, row['value']))}</b>"
        f"<small>{escape(_interval(view, row))}</small></div>"
        for measure, row in found.items()
    )
    return f'<div class="lc-facts">{inner}</div>' if inner else ""


def _interval(view: View, row: Row) -> str:
    if row["ci_low"] is None or row["ci_high"] is None:
        return ""
    ends = (fmt.number(row["ci_low"], 1), fmt.number(row["ci_high"], 1))
    return view.voice.say("interval", span=fmt.span(*ends, view.voice.language))


def part_columns(view: View, kpi: Row, found: Mapping[str, Row]) -> list[Column]:
    """Columns of the measures that any part has; rows are cells with `slice_value`."""
    here = [measure for measure in (*details.DURATIONS, "share") if any(measure in row for row in found.values())]

    def column(measure: str) -> Column:
        def value(row: Row) -> float | None:
            return found.get(row["slice_value"], {}).get(measure)

        def text(row: Row) -> str:
            told = measure in found.get(row["slice_value"], {})
            return shown(view, kpi, measure, value(row)) if told else fmt.NONE

        return Column(view.voice.label(measure), text, value, numeric=True)

    return [column(measure) for measure in here]


def course(view: View, kpi: Row, rows: list[Row]) -> None:
    """Median and P90 by month, where the KPI has durations."""
    if not any(row[measure] is not None for row in rows for measure in details.DURATIONS):
        return
    voice = view.voice
    found = {row["period_start"]: row for row in rows}
    months = every_month(min(found), max(found))
    rows = [found.get(month, {"period_start": month, **dict.fromkeys(details.DURATIONS)}) for month in months]
    titles = {measure: voice.label(measure) for measure in details.DURATIONS}
    title = voice.say("detail_course", unit=voice.label(kpi["duration_unit"]))
    view.show(f"<h3 class=part>{escape(title)}</h3>")
    chart = lines(rows, titles, title, voice, view.look, lambda value: fmt.number(value, 1), 180)
    picture(view, chart)
    view.show(f'<p class="muted lc-small">{escape(voice.say("detail_course_note"))}</p>')
