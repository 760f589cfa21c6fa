"""What several charts share: the frame of a specification, bare axes, tooltips."""

from collections.abc import Sequence

from scorecard_app.charts.theme import Look
from scorecard_app.queries import Row

# A line is interrupted where there is no number instead of drawn through.
GAP = "break-paths-filter-domains"


def spec(description: str, records: Sequence[Row], look: Look, height: int | Row, **more: object) -> Row:
    """A specification with its data, its look, and a sentence for screen readers.

    Args:
        description: What the chart shows, in a sentence.
        records: The rows that its marks stand for.
        look: Light or dark.
        height: In pixels, or a step per row of a discrete axis: ``{"step": 34}``.
        **more: ``layer``, ``encoding`` and what else Vega-Lite knows.
    """
    return {
        "description": description,
        "data": {"values": list(records)},
        "height": height,
        "padding": {"left": 4, "right": 10, "top": 8, "bottom": 4},
        **more,
        "config": look.config(),
    }


def plain(**more: object) -> Row:
    """An axis without title, domain or ticks."""
    return {"title": None, "domain": False, "ticks": False, **more}


def names_axis(look: Look, width: int = 170) -> Row:
    """An upright axis of names, as dark as the text around the chart."""
    return plain(labelLimit=width, labelColor=look.ink, labelPadding=8, labelFontSize=12)


def values_axis(kpi: Row, **more: object) -> Row:
    """An axis of a KPI's values with the sign of its unit."""
    sign = {"percent": "%", "per_mille": "‰"}.get(kpi["unit"], "")
    return plain(tickCount=4, labelExpr=f"replace(format(datum.value, ','), '-', '\u2212') + '{sign}'", **more)


def tooltip(*fields: tuple[str, str]) -> list[Row]:
    """Fields that are ready-made texts, with their titles."""
    return [{"field": field, "type": "nominal", "title": title} for field, title in fields]


def told(chart: Row) -> tuple[list[str], list[list[str]]]:
    """What the chart's tooltips say, as a table: their titles, and a row for each of its records."""
    encodings = [chart["encoding"], *(layer.get("encoding", {}) for layer in chart["layer"])]
    fields = next(encoding["tooltip"] for encoding in encodings if encoding.get("tooltip"))
    rows = [[str(record[field["field"]]) for field in fields] for record in chart["data"]["values"]]
    return [field["title"] for field in fields], rows
