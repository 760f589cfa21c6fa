"""Small multiples: a KPI by month for each part of the customers, all on one scale."""

from collections.abc import Mapping, Sequence
from datetime import date

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.marks import action_marks, definition_mark
from scorecard_app.charts.parts import GAP, spec, tooltip, values_axis
from scorecard_app.charts.theme import Look
from scorecard_app.charts.trend import month_axis, points
from scorecard_app.queries import Row


def multiples(
    parts: Mapping[str, Sequence[Row]],
    whole: Sequence[Row],
    kpi: Row,
    voice: Voice,
    look: Look,
    actions: Mapping[date, str],
) -> dict[str, Row]:
    """A chart per part, with the whole as a thin line behind it, on shared axes.

    Args:
        parts: Monthly cells by the part's name, oldest first.
        whole: Monthly cells of all customers.
        kpi: Its row of the catalogue.
        voice: How to write numbers and words.
        look: Light or dark.
        actions: Marks of business actions by the month in which they began.
    """
    every = [row for rows in [whole, *parts.values()] for row in rows]
    months = sorted({row["period_start"] for row in every})
    ends = [row["value"] for row in every if row["value"] is not None]
    low, high = min(ends), max(ends)
    room = (high - low) * 0.08 or 1.0
    scale = {"domain": [low - room, high + room], "nice": False, "zero": False}
    overall = {row["period_start"]: row["value"] for row in whole}
    charts = {}
    for name, rows in parts.items():
        found = {row["period_start"]: row for row in rows}
        records = points([found.get(month, {"period_start": month, "value": None, "status": "no_value"}) for month in months], kpi, voice, None)  # fmt: skip
        for record, month in zip(records, _calendar(months), strict=True):
            record["overall"] = overall.get(month)
        charts[name] = _chart(name, records, kpi, voice, look, scale, actions)
    return charts


def _calendar(months: Sequence[date]) -> list[date]:
    """All months from the first to the last."""
    first, last = months[0], months[-1]
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + i) // 12, (first.month - 1 + i) % 12 + 1, 1) for i in range(count)]


def _chart(
    name: str, records: list[Row], kpi: Row, voice: Voice, look: Look, scale: Row, actions: Mapping[date, str]
) -> Row:
    def y(field: str) -> Row:
        return {"field": field, "type": "quantitative", "scale": scale, "axis": values_axis(kpi, tickMinStep=1)}

    layers: list[Row] = action_marks(dict.fromkeys(actions, ""), records, voice, look)
    layers += definition_mark(kpi, records, voice, look)
    layers += [
        {
            "mark": {"type": "area", "color": look.brand, "opacity": 0.14, "invalid": GAP, "clip": True},
            "encoding": {"y": y("low"), "y2": {"field": "high"}},
        },
        {
            "mark": {"type": "line", "color": look.second, "strokeWidth": 1.2, "strokeDash": [2, 2], "invalid": GAP},
            "encoding": {"y": y("overall")},
        },
        {
            "mark": {"type": "line", "color": look.brand, "strokeWidth": 2, "invalid": GAP},
            "encoding": {"y": y("value")},
        },
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "point", "filled": True, "size": 26, "opacity": 1, "color": look.brand},
            "encoding": {
                "y": y("value"),
                "tooltip": tooltip(
                    ("name", voice.say("month")),
                    ("shown", voice.say("value")),
                    ("span", voice.say("legend_interval")),
                    ("n", voice.say("n_title")),
                ),
            },
        },
    ]
    described = f"{voice.of(kpi, 'label')}: {name}"
    return spec(described, records, look, 120, encoding={"x": month_axis(records)}, layer=layers)


def before_after(
    pairs: Mapping[str, tuple[Row, Row]], kpi: Row, voice: Voice, look: Look, titles: tuple[str, str]
) -> Row:
    """Two whole quarters for each part, the one before an action hollow, the one after it filled, with intervals.

    Args:
        pairs: Cells before and after, by the part's name.
        kpi: Its row of the catalogue.
        voice: How to write numbers.
        look: Light or dark.
        titles: What before and after are called.
    """
    records = [
        {
            "name": name,
            "when": title,
            "after": side == 1,
            "value": cell["value"],
            "low": cell["ci_low"],
            "high": cell["ci_high"],
            "shown": voice.measure(cell["value"], kpi),
            "span": fmt.NONE
            if cell["ci_low"] is None
            else fmt.span(voice.measure(cell["ci_low"], kpi), voice.measure(cell["ci_high"], kpi), voice.language),
            "n": fmt.number(cell["n"]),
        }
        for name, pair in pairs.items()
        for side, (title, cell) in enumerate(zip(titles, pair, strict=True))
    ]
    scale = {"zero": False, "nice": True}
    x = {"type": "quantitative", "scale": scale, "axis": values_axis(kpi)}
    colour = {"condition": {"test": "datum.after", "value": look.brand}, "value": look.second}
    return spec(
        f"{voice.of(kpi, 'label')}: {titles[0]}, {titles[1]}",
        records,
        look,
        {"step": 20},
        encoding={
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "domain": False, "ticks": False, "labelLimit": 170, "labelColor": look.ink, "labelPadding": 8, "labelFontSize": 12},
            },
            "yOffset": {"field": "when", "type": "nominal", "sort": list(titles)},
            "tooltip": tooltip(("name", voice.say("slice")), ("when", voice.say("period")), ("shown", voice.say("value")), ("span", voice.say("legend_interval")), ("n", voice.say("n_title"))),
        },
        layer=[
            {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "color": colour}},
            {
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1, "strokeWidth": 2},
                "encoding": {
                    "x": {"field": "value", **x},
                    "color": {"condition": {"test": "datum.after", "value": look.brand}, "value": look.paper},
                    "stroke": colour,
                },
            },
        ],
    )  # fmt: skip
