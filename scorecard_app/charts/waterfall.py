"""What moved a score: from the last period's to this one's, a bar for each KPI's change."""

from collections.abc import Sequence

from scorecard_app import format as fmt
from scorecard_app.cards import Voice
from scorecard_app.charts.parts import names_axis, spec, tooltip
from scorecard_app.charts.theme import Look
from scorecard_app.queries import Row


def waterfall(steps: Sequence[Row], described: str, voice: Voice, look: Look) -> Row:
    """Horizontal, so that names of any length fit and a phone is wide enough.

    Args:
        steps: In order, the first and the last being totals: ``label``, ``change`` (a total's: its level),
            ``is_total``.
        described: The chart in a sentence.
        voice: How to write numbers.
        look: Light or dark.
    """
    records, level = [], 0.0
    for place, step in enumerate(steps):
        begin = 0.0 if step["is_total"] else level
        level = step["change"] if step["is_total"] else level + step["change"]
        sign = "" if step["is_total"] or step["change"] < 0 or not fmt.number(step["change"], 1).strip("0.") else "+"
        kind = "total" if step["is_total"] else "up" if step["change"] >= 0 else "down"
        records.append(
            {
                "place": place,
                "label": step["label"],
                "begin": begin,
                "end": level,
                "right": max(begin, level),
                "kind": kind,
                "shown": sign + fmt.number(step["change"], 1),
            }
        )
    ends = [record[side] for record in records[1:-1] for side in ("begin", "end")] + [records[0]["end"], level]
    room = max(4.0, (max(ends) - min(ends)) * 0.25)
    # Bars of totals begin at the left edge, wherever that is: what counts here are the steps between them.
    left = max(0.0, min(ends) - room)
    for record in records:
        record["begin"] = max(record["begin"], left) if record["kind"] == "total" else record["begin"]
    x = {"type": "quantitative", "scale": {"domain": [left, max(ends) + room], "nice": False}}
    y = {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "axis": names_axis(look, 190),
    }
    colours = {"domain": ["total", "up", "down"], "range": [look.brand, look.green, look.red]}
    return spec(
        described,
        records,
        look,
        {"step": 30},
        encoding={"y": y, "tooltip": tooltip(("label", voice.say("kpi")), ("shown", voice.say("points")))},
        layer=[
            {
                "mark": {"type": "bar", "cornerRadius": 2, "height": {"band": 0.62}},
                "encoding": {
                    "x": {"field": "begin", **x, "axis": None},
                    "x2": {"field": "end"},
                    "color": {"field": "kind", "type": "nominal", "scale": colours, "legend": None},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600},
                "encoding": {"x": {"field": "right", **x}, "text": {"field": "shown", "type": "nominal"}},
            },
        ],
    )
