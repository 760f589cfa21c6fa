"""The trend of one KPI by month: value, interval band, agreed target; months without a number stay visible as gaps."""

from collections.abc import Sequence
from datetime import date

from scorecard_app import format as fmt
from scorecard_app.cards import Row, Voice
from scorecard_app.charts.theme import Look

_TOOLTIP = (("name", "month"), ("shown", "value"), ("span", "legend_interval"), ("n", "n_title"), ("status", "status"))
GAP = "break-paths-filter-domains"


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
        low, high = row.get("ci_low"), row.get("ci_high")
        records.append(
            {
                "month": fmt.short_month(month, voice.language),
                "name": fmt.period("month", month, voice.language),
                "value": row.get("value"),
                "low": low,
                "high": high,
                "target": row.get("target"),
                "open": status == "provisional",
                "size": 130 if month == picked else 48,
                "shown": voice.measure(row.get("value"), kpi),
                "span": fmt.NONE
                if low is None
                else fmt.span(voice.measure(low, kpi), voice.measure(high, kpi), voice.language),
                "n": fmt.number(row.get("n")),
                "status": voice.label(status),
            }
        )
    return records


def _month_labels(records: Sequence[Row]) -> str:
    """Vega expression: month above year where a year begins or the chart does, elsewhere the month alone."""
    firsts = {record["month"].split("|")[1]: record["month"] for record in reversed(records)}
    return f"indexof({list(firsts.values())}, datum.value) < 0 ? split(datum.value, '|')[0] : split(datum.value, '|')"


def trend(months: Sequence[Row], kpi: Row, voice: Voice, look: Look, picked: date | None) -> Row | None:
    """The chart as a Vega-Lite specification, the picked month's point enlarged; None where no month has a number."""
    if not any(row["value"] is not None for row in months):
        return None
    records = points(months, kpi, voice, picked)
    x = {
        "field": "month",
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": [record["month"] for record in records]},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "labelExpr": _month_labels(records),
            "labelOverlap": "greedy",
            "ticks": False,
        },
    }
    sign = {"percent": "%", "per_mille": "‰"}.get(kpi["unit"], "")
    axis = {
        "title": None,
        "tickCount": 4,
        "labelExpr": f"format(datum.value, ',') + '{sign}'",
        "domain": False,
        "ticks": False,
    }

    def y(field: str) -> Row:
        return {"field": field, "type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": axis}

    layers: list[Row] = [
        {
            "mark": {"type": "area", "color": look.brand, "opacity": 0.16, "invalid": GAP},
            "encoding": {"y": y("low"), "y2": {"field": "high"}},
        },
        {
            "mark": {
                "type": "line",
                "color": look.second,
                "strokeDash": [5, 4],
                "strokeWidth": 1.6,
                "interpolate": "step",
            },
            "encoding": {"y": y("target")},
        },
        {
            "mark": {"type": "line", "color": look.brand, "strokeWidth": 2.4, "invalid": GAP},
            "encoding": {"y": y("value")},
        },
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "point", "filled": True, "opacity": 1, "strokeWidth": 2},
            "encoding": {
                "y": y("value"),
                "color": {"condition": {"test": "datum.open", "value": look.paper}, "value": look.brand},
                "stroke": {"value": look.brand},
                "size": {"field": "size", "type": "quantitative", "scale": None},
                "tooltip": [{"field": field, "type": "nominal", "title": voice.say(key)} for field, key in _TOOLTIP],
            },
        },
    ]
    if all(record["target"] is None for record in records):
        del layers[1]
    return {
        "description": f"{voice.of(kpi, 'label')}: {voice.say('trend')}",
        "data": {"values": records},
        "height": 215,
        "padding": {"left": 4, "right": 8, "top": 8, "bottom": 4},
        "encoding": {"x": x},
        "layer": layers,
        "config": look.config(),
    }
