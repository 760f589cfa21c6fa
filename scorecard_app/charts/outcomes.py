"""What became of received rows, a bar per dataset."""

from collections.abc import Sequence

from scorecard_app.charts.parts import names_axis, spec, tooltip
from scorecard_app.charts.theme import Look
from scorecard_app.queries import Row


def outcomes(rows: Sequence[Row], titles: dict[str, str], described: str, look: Look) -> Row:
    """Shares of rows in use, superseded, duplicate and refused; the number refused stands at the bar's end.

    Args:
        rows: ``label``, ``refused`` (a text), and a number of rows for each key of ``titles``.
        titles: What the outcomes are called, in the order of the bar.
        described: The chart in a sentence.
        look: Light or dark.
    """
    records = []
    for row in rows:
        total, begin = sum(row[key] for key in titles), 0.0
        for key, title in titles.items():
            share = row[key] / total if total else 0.0
            records.append(
                {
                    "label": row["label"],
                    "outcome": title,
                    "begin": begin,
                    "end": begin + share,
                    "rows": f"{row[key]:,}",
                    "share": f"{100 * share:.1f}%",
                    "refused": row["refused"],
                }
            )
            begin += share
    colours = [look.brand, look.second, look.line, look.scale[0]][: len(titles)]
    x = {"type": "quantitative", "scale": {"domain": [0, 1.06], "nice": False}, "axis": None}
    y = {"field": "label", "type": "nominal", "sort": None, "axis": names_axis(look)}
    legend = {"orient": "top", "title": None, "symbolType": "square"}
    return spec(
        described,
        records,
        look,
        {"step": 22},
        encoding={"y": y},
        layer=[
            {
                "mark": {"type": "bar", "height": {"band": 0.66}},
                "encoding": {
                    "x": {"field": "begin", **x},
                    "x2": {"field": "end"},
                    "color": {
                        "field": "outcome",
                        "type": "nominal",
                        "sort": list(titles.values()),
                        "scale": {"domain": list(titles.values()), "range": colours},
                        "legend": legend,
                    },
                    "tooltip": tooltip(("label", ""), ("outcome", ""), ("rows", ""), ("share", "")),
                },
            },
            {
                "transform": [{"filter": "datum.begin == 0"}],
                "mark": {"type": "text", "align": "left", "dx": 6, "color": look.scale[0], "fontWeight": 600},
                "encoding": {
                    "x": {"datum": 1, "type": "quantitative"},
                    "text": {"field": "refused", "type": "nominal"},
                },
            },
        ],
    )
