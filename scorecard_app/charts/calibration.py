"""A model held to what it had not seen: expected beside actual, group by group."""

from collections.abc import Mapping, Sequence

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.parts import plain, spec, tooltip
from scorecard_app.charts.theme import Look
from scorecard_app.queries import Row


def calibration(groups: Sequence[Row], titles: Mapping[str, str], described: str, voice: Voice, look: Look) -> Row:
    """Two lines over the groups, the expected dashed and hollow, the actual filled.

    Args:
        groups: ``label`` and purchase days per customer under each key of ``titles``, in order.
        titles: What the expected and the actual are called, in this order.
        described: The chart in a sentence.
        voice: How to write.
        look: Light or dark.
    """
    records = [
        {"label": group["label"], "line": title, "value": group[key], "shown": fmt.number(group[key], 2)}
        for key, title in titles.items()
        for group in groups
    ]
    names = list(titles.values())
    labels = [group["label"] for group in groups]
    legend = {"orient": "top", "title": None, "symbolType": "stroke", "symbolStrokeWidth": 3}
    colour = {"field": "line", "type": "nominal", "scale": {"domain": names, "range": [look.scale[0], look.brand]}}
    dash = {"field": "line", "type": "nominal", "scale": {"domain": names, "range": [[6, 3], [1, 0]]}, "legend": None}
    return spec(
        described,
        records,
        look,
        220,
        encoding={
            "x": {"field": "label", "type": "ordinal", "sort": None, "scale": {"domain": labels}, "axis": plain(labelAngle=0, domain=True)},
            "y": {"field": "value", "type": "quantitative", "axis": plain(tickCount=4)},
            "color": {**colour, "legend": legend},
            "tooltip": tooltip(("label", voice.say("lifetime_repeats")), ("line", ""), ("shown", voice.say("lifetime_per_customer"))),
        },
        layer=[
            {"mark": {"type": "line", "strokeWidth": 2.4}, "encoding": {"strokeDash": dash}},
            {"mark": {"type": "point", "filled": True, "opacity": 1, "size": 48}},
        ],
    )  # fmt: skip
