"""A KPI by month: value, interval band, agreed target, limits of its usual course, and what the company did meanwhile.

Months without a number stay visible as gaps.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.marks import action_marks, definition_mark
from scorecard_app.charts.parts import GAP, plain, spec, tooltip, values_axis
from scorecard_app.charts.theme import LIGHT, Look
from scorecard_app.queries import Row

_TOOLTIP = (("name", "month"), ("shown", "value"), ("span", "legend_interval"), ("n", "n_title"), ("status", "status"))
SIGNALS = ("outside", "near_limit", "run")


def every_month(first: date, last: date) -> list[date]:
    """First days of all months from `first` to `last`."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(count)]


def points(months: Sequence[Row], kpi: Row, voice: Voice, picked: date | None) -> list[Row]:
    """One record per calendar month, in order; a month that is hidden or missing has nulls and says so."""
    found = {row["period_start"]: row for row in months}
    records = []
    for month in every_month(min(found), max(found)):
        row = found.get(month, {})
        status = row.get("status", "no_value")
        low, high, signal = row.get("ci_low"), row.get("ci_high"), row.get("signal")
        records.append(
            {
                "month": fmt.short_month(month, voice.language),
                "name": fmt.period("month", month, voice.language),
                "value": row.get("value"),
                "low": low,
                "high": high,
                "target": row.get("target"),
                "centre": row.get("centre"),
                "lower": row.get("lower_limit"),
                "upper": row.get("upper_limit"),
                "signal": signal in SIGNALS,
                "open": status == "provisional",
                "size": 130 if month == picked else 48,
                "shown": voice.measure(row.get("value"), kpi),
                "span": fmt.NONE
                if low is None
                else fmt.span(voice.measure(low, kpi), voice.measure(high, kpi), voice.language),
                "n": fmt.number(row.get("n")),
                "status": " · ".join(voice.label(code) for code in (status, signal) if code and code != "none"),
            }
        )
    return records


def month_axis(records: Sequence[Row], **more: object) -> Row:
    """The months' axis: month above year where a year begins or the chart does, elsewhere the month alone."""
    months = list(dict.fromkeys(record["month"] for record in records))
    firsts = {month.split("|")[1]: month for month in reversed(months)}
    label = f"indexof({list(firsts.values())}, datum.value) < 0 ? split(datum.value, '|')[0] : split(datum.value, '|')"
    axis = plain(labelAngle=0, labelExpr=label, labelOverlap="greedy", labelSeparation=5, domain=True, **more)
    return {"field": "month", "type": "ordinal", "sort": None, "scale": {"domain": months}, "axis": axis}


def trend(
    months: Sequence[Row],
    kpi: Row,
    voice: Voice,
    look: Look = LIGHT,
    picked: date | None = None,
    actions: Mapping[date, str] | None = None,
    height: int = 215,
) -> Row | None:
    """The chart, or None where no month has a number.

    Args:
        months: Cells by month with ``value``, ``ci_low``, ``ci_high``, ``n``, ``status``, and where there are such
            ``target``, ``centre``, ``lower_limit``, ``upper_limit`` and ``signal``.
        kpi: Its row of the catalogue.
        voice: How to write numbers and words.
        look: Light or dark.
        picked: The month whose point is enlarged.
        actions: Marks of business actions (``"1, 3"``) by the month in which they began.
        height: Of the plot, in pixels.
    """
    if not any(row["value"] is not None for row in months):
        return None
    records = points(months, kpi, voice, picked)
    layers = [*action_marks(actions or {}, records, voice, look), *definition_mark(kpi, records, voice, look)]
    y_axis = values_axis(kpi)

    def y(field: str) -> Row:
        return {"field": field, "type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": y_axis}

    def line(field: str, colour: str, **more: object) -> Row:
        return {"mark": {"type": "line", "color": colour, "invalid": GAP, **more}, "encoding": {"y": y(field)}}

    if any(record["upper"] is not None for record in records):
        layers += [
            line("lower", look.second, strokeDash=[2, 3], strokeWidth=1.3),
            line("upper", look.second, strokeDash=[2, 3], strokeWidth=1.3),
            line("centre", look.second, strokeWidth=1),
        ]
    layers.append(
        {
            "mark": {"type": "area", "color": look.brand, "opacity": 0.16, "invalid": GAP},
            "encoding": {"y": y("low"), "y2": {"field": "high"}},
        }
    )
    if any(record["target"] is not None for record in records):
        layers.append(line("target", look.muted, strokeDash=[6, 4], strokeWidth=1.6, interpolate="step"))
    layers.append(line("value", look.brand, strokeWidth=2.4))
    layers.append(
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 2},
            "encoding": {
                "y": y("value"),
                "color": {
                    "condition": [
                        {"test": "datum.open", "value": look.paper},
                        {"test": "datum.signal", "value": look.scale[0]},
                    ],
                    "value": look.brand,
                },
                "stroke": {"condition": {"test": "datum.signal", "value": look.scale[0]}, "value": look.brand},
                "shape": {"condition": {"test": "datum.signal", "value": "diamond"}, "value": "circle"},
                "size": {"condition": {"test": "datum.signal", "value": 130}, "field": "size", "type": "quantitative", "scale": None},
                "tooltip": tooltip(*((field, voice.say(key)) for field, key in _TOOLTIP)),
            },
        }
    )  # fmt: skip
    last = next(record for record in reversed(records) if record["value"] is not None)
    described = f"{voice.of(kpi, 'label')}, {voice.say('trend')}. {last['name']}: {last['shown']} ({last['span']})"
    return spec(described, records, look, height, encoding={"x": month_axis(records)}, layer=layers)
