"""Units side by side against what chance alone would spread: a funnel, never a ranking."""

from collections.abc import Sequence

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.parts import names_axis, spec, tooltip, values_axis
from scorecard_app.charts.theme import Look
from scorecard_app.queries import Row


def funnel(units: Sequence[Row], centre: float | None, kpi: Row, voice: Voice, look: Look) -> Row:
    """Each unit in the organisation's order, its value with interval, and the range that chance explains.

    Args:
        units: ``label``, ``value``, ``ci_low``, ``ci_high``, ``n``, and where published ``low95``, ``high95``,
            ``low999``, ``high999`` (the limits at the unit's own size), ``word`` (how it lies to them).
        centre: The value of all units together.
        kpi: Its row of the catalogue.
        voice: How to write numbers.
        look: Light or dark.
    """
    records = [
        {
            **{key: unit.get(key) for key in ("value", "ci_low", "ci_high", "low95", "high95", "low999", "high999")},
            "label": unit["label"],
            "beyond": _beyond(unit),
            "shown": voice.measure(unit["value"], kpi),
            "span": fmt.NONE
            if unit["ci_low"] is None
            else fmt.span(voice.measure(unit["ci_low"], kpi), voice.measure(unit["ci_high"], kpi), voice.language),
            "n": fmt.number(unit["n"]),
            "word": unit.get("word", ""),
        }
        for unit in units
    ]
    y_axis = names_axis(look, 150)
    y = {"field": "label", "type": "nominal", "sort": None, "axis": y_axis}

    def x(field: str) -> Row:
        return {"field": field, "type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": values_axis(kpi, grid=True)}  # fmt: skip

    layers: list[Row] = []
    if any(record["low95"] is not None for record in records):
        for low, high, opacity in (("low999", "high999", 0.22), ("low95", "high95", 0.38)):
            bar = {"type": "bar", "height": {"band": 0.72}, "color": look.second, "opacity": opacity}
            layers.append({"mark": bar, "encoding": {"x": x(low), "x2": {"field": high}}})
    if centre is not None:
        line = {"type": "rule", "color": look.muted, "strokeDash": [4, 3]}
        layers.append(
            {"mark": line, "encoding": {"x": {"datum": centre, "type": "quantitative"}, "y": None, "tooltip": None}}
        )
    colour = {"condition": {"test": "datum.beyond", "value": look.scale[0]}, "value": look.brand}
    layers += [
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"x": x("ci_low"), "x2": {"field": "ci_high"}, "color": colour},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 95, "opacity": 1},
            "encoding": {
                "x": x("value"),
                "color": colour,
                "shape": {"condition": {"test": "datum.beyond", "value": "diamond"}, "value": "circle"},
            },
        },
    ]
    seen = tooltip(
        ("label", voice.say("unit")),
        ("shown", voice.say("value")),
        ("span", voice.say("legend_interval")),
        ("n", voice.say("n_title")),
        ("word", voice.say("status")),
    )
    described = f"{voice.of(kpi, 'label')}: {voice.say('side_by_side')}"
    return spec(described, records, look, {"step": 32}, encoding={"y": y, "tooltip": seen}, layer=layers)


def _beyond(unit: Row) -> bool:
    """Whether the unit lies outside what chance explains in 95 of 100 units."""
    low, high = unit.get("low95"), unit.get("high95")
    return low is not None and high is not None and not low <= unit["value"] <= high
