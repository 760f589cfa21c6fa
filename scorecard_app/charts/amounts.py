"""Amounts over months, and effects with their intervals against nothing."""

from collections.abc import Callable, Mapping, Sequence

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.parts import GAP, names_axis, plain, spec, tooltip
from scorecard_app.charts.theme import Look
from scorecard_app.charts.trend import month_axis
from scorecard_app.format import Language
from scorecard_app.queries import Row


def _axis(language: Language) -> Row:
    """Large amounts in the reader's own steps."""
    return plain(tickCount=4, labelExpr=fmt.axis_labels(language))


def amounts(rows: Sequence[Row], titles: Mapping[str, str], described: str, voice: Voice, look: Look) -> Row:
    """`lines` of amounts in the company's currency."""
    chart = lines(rows, titles, described, voice, look, lambda value: fmt.money(value, voice.currency, voice.language))
    chart["encoding"]["y"]["axis"] = _axis(voice.language)
    return chart


def lines(
    rows: Sequence[Row],
    titles: Mapping[str, str],
    described: str,
    voice: Voice,
    look: Look,
    write: Callable[[float | None], str],
    height: int = 220,
) -> Row:
    """Lines by month, each with its own dash and its name above.

    Args:
        rows: ``period_start`` and a figure (or None) for each key of ``titles``, oldest first.
        titles: What the lines are called.
        described: The chart in a sentence.
        voice: In which language months are written.
        look: Light or dark.
        write: How to write a figure.
        height: In pixels.
    """
    records = [
        {
            "month": fmt.short_month(row["period_start"], voice.language),
            "name": fmt.period("month", row["period_start"], voice.language),
            "line": title,
            "value": row[key],
            "shown": write(row[key]),
        }
        for key, title in titles.items()
        for row in rows
    ]
    names = list(titles.values())
    colours = [look.brand, look.scale[0], look.second][: len(names)]
    dashes = [[1, 0], [6, 3], [2, 2]][: len(names)]
    legend = {"orient": "top", "title": None, "symbolStrokeWidth": 3, "symbolType": "stroke"}
    scale = {"domain": names, "range": colours}
    return spec(
        described,
        records,
        look,
        height,
        encoding={
            "x": month_axis(records),
            "y": {"field": "value", "type": "quantitative", "axis": plain(tickCount=4)},
            "color": {"field": "line", "type": "nominal", "scale": scale, "legend": legend},
            "strokeDash": {"field": "line", "type": "nominal", "scale": {"domain": names, "range": dashes}, "legend": None},
            "tooltip": tooltip(("name", voice.say("month")), ("line", ""), ("shown", voice.say("value"))),
        },
        layer=[
            {"mark": {"type": "line", "strokeWidth": 2.4, "invalid": GAP}},
            {"transform": [{"filter": "isValid(datum.value)"}], "mark": {"type": "point", "filled": True, "size": 30}},
        ],
    )  # fmt: skip


def effects(rows: Sequence[Row], described: str, voice: Voice, look: Look) -> Row:
    """Each effect with its interval; the line at nothing says what an interval must be clear of.

    Args:
        rows: ``label``, ``value``, ``low``, ``high``, ``word``.
        described: The chart in a sentence.
        voice: How to write amounts.
        look: Light or dark.
    """

    def money(value: float) -> str:
        return fmt.money(value, voice.currency, voice.language)

    records = [
        row
        | {
            "clear": row["low"] > 0 or row["high"] < 0,
            "shown": money(row["value"]),
            "span": fmt.span(money(row["low"]), money(row["high"]), voice.language),
        }
        for row in rows
    ]
    x = {"type": "quantitative", "scale": {"nice": True}, "axis": _axis(voice.language)}
    colour = {"condition": {"test": "datum.clear", "value": look.brand}, "value": look.second}
    return spec(
        described,
        records,
        look,
        {"step": 32},
        encoding={
            "y": {"field": "label", "type": "nominal", "sort": None, "axis": names_axis(look)},
            "tooltip": tooltip(
                ("label", voice.say("action")),
                ("shown", voice.say("effect_increment")),
                ("span", voice.say("legend_interval")),
                ("word", voice.say("verdict")),
            ),
        },
        layer=[
            {"mark": {"type": "rule", "color": look.muted, "strokeDash": [4, 3]}, "encoding": {"x": {"datum": 0, "type": "quantitative"}, "y": None, "tooltip": None}},
            {"mark": {"type": "rule", "strokeWidth": 2}, "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "color": colour}},
            {
                "mark": {"type": "point", "filled": True, "size": 95, "opacity": 1},
                "encoding": {"x": {"field": "value", **x}, "color": colour, "shape": {"condition": {"test": "datum.clear", "value": "circle"}, "value": "diamond"}},
            },
        ],
    )  # fmt: skip
