"""The trend of one KPI by month: value, interval band, agreed target; months without a number stay visible as gaps."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt

from scorecard_app import format as fmt
from scorecard_app.cards import Row, Voice

BRAND, MUTED, LINE = "#0f5c6e", "#8a97a1", "#e1e6ea"
GAP = "break-paths-filter-domains"
FONT = "Source Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"


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


def trend(months: Sequence[Row], kpi: Row, voice: Voice, picked: date | None) -> alt.LayerChart | None:
    """The chart with the picked month's point enlarged, or None where no month has a number to show."""
    if not any(row["value"] is not None for row in months):
        return None
    records = points(months, kpi, voice, picked)
    data = alt.Data(values=records)
    x = alt.X(
        "month:O",
        sort=None,
        scale=alt.Scale(domain=[record["month"] for record in records]),
        axis=alt.Axis(title=None, labelAngle=0, labelExpr=_month_labels(records), labelOverlap="greedy", ticks=False),
    )
    signs = {"percent": "%", "per_mille": "‰"}
    label = f"format(datum.value, ',') + '{signs.get(kpi['unit'], '')}'"
    axis = alt.Axis(title=None, tickCount=4, labelExpr=label, domain=False, ticks=False)
    y = alt.Y("value:Q", scale=alt.Scale(zero=False, nice=True), axis=axis)
    details: list[Any] = [
        alt.Tooltip(f"{field}:N", title=voice.say(key))
        for field, key in (
            ("name", "month"),
            ("shown", "value"),
            ("span", "legend_interval"),
            ("n", "n_title"),
            ("status", "status"),
        )
    ]
    base = alt.Chart(data).encode(x=x)
    band: Any = base.encode(y=alt.Y("low:Q", axis=axis), y2="high:Q").mark_area(color=BRAND, opacity=0.16, invalid=GAP)
    target: Any = base.encode(y=alt.Y("target:Q", axis=axis)).mark_line(
        color=MUTED, strokeDash=[5, 4], strokeWidth=1.6, interpolate="step"
    )
    line: Any = base.encode(y=y).mark_line(color=BRAND, strokeWidth=2.4, invalid=GAP)
    fill = alt.condition("datum.open", alt.value("#ffffff"), alt.value(BRAND))
    dots: Any = (
        base.encode(y=y, color=fill, stroke=alt.value(BRAND), size=alt.Size("size:Q", scale=None), tooltip=details)
        .transform_filter("isValid(datum.value)")
        .mark_point(filled=True, opacity=1, strokeWidth=2)
    )
    layers = (
        [band, target, line, dots] if any(record["target"] is not None for record in records) else [band, line, dots]
    )
    name = voice.of(kpi, "label")
    return (
        alt.layer(*layers)
        .properties(
            height=215,
            description=f"{name}: {voice.say('trend')}",
            padding={"left": 4, "right": 8, "top": 8, "bottom": 4},
        )
        .configure_axis(labelFont=FONT, labelFontSize=11.5, labelColor="#5a6b78", gridColor=LINE, domainColor=LINE)
        .configure_view(strokeWidth=0)
    )
