"""Where most of the trouble comes from: the few above the many, largest first, with what they add up to."""

from collections.abc import Sequence

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.parts import names_axis, spec, tooltip
from scorecard_app.charts.theme import Look
from scorecard_app.queries import Row

VITAL = 0.8


def pareto(parts: Sequence[tuple[str, float]], described: str, voice: Voice, look: Look) -> Row:
    """Bars by size with their count and the running share; those that make up the first 80 % stand out.

    Args:
        parts: Name and count, in any order; counts above 0.
        described: The chart in a sentence.
        voice: How to write words.
        look: Light or dark.
    """
    ordered = sorted(parts, key=lambda part: (-part[1], part[0]))
    total, running, records = sum(count for _, count in ordered), 0.0, []
    for name, count in ordered:
        is_vital = running < VITAL * total
        running += count
        share = fmt.number(100 * running / total)
        records.append(
            {
                "name": name,
                "count": count,
                "vital": is_vital,
                "shown": f"{fmt.number(count)}  ·  Σ {share}%",
                "size": fmt.number(count),
                "share": f"{share}%",
            }
        )
    most = ordered[0][1]
    x = {"type": "quantitative", "scale": {"domain": [0, most * 1.45]}, "axis": None}
    y_axis = names_axis(look, 170)
    colour = {"condition": {"test": "datum.vital", "value": look.brand}, "value": look.second}
    return spec(
        described,
        records,
        look,
        {"step": 30},
        encoding={
            "y": {"field": "name", "type": "nominal", "sort": None, "axis": y_axis},
            "x": {"field": "count", **x},
            "tooltip": tooltip(
                ("name", voice.say("slice")), ("size", voice.say("count")), ("share", voice.say("running_share"))
            ),
        },
        layer=[
            {"mark": {"type": "bar", "cornerRadius": 2, "height": {"band": 0.62}}, "encoding": {"color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"text": {"field": "shown", "type": "nominal"}},
            },
        ],
    )
