"""The report's picture: compared pairs by match weight, as SVG, which Dagster shows in a Markdown image."""

import base64
import math
from collections.abc import Mapping

WIDTH, HEIGHT, MARGIN = 720, 260, 36


def weights_svg(weights: Mapping[int, int], threshold: float) -> str:
    """Bars of whole match weights, their heights in decades of pairs; links by the model are the dark ones.

    Args:
        weights: match weight, rounded down → pairs.
    """
    low, high = min(weights, default=-1), max(weights, default=1)
    step = (WIDTH - 2 * MARGIN) / (high - low + 1)
    tallest = max((math.log10(1 + pairs) for pairs in weights.values()), default=1) or 1
    bars = []
    for weight in sorted(weights):
        height = (HEIGHT - 2 * MARGIN) * math.log10(1 + weights[weight]) / tallest
        bars.append(
            f'<rect x="{MARGIN + (weight - low) * step:.1f}" y="{HEIGHT - MARGIN - height:.1f}" width="{step * 0.85:.1f}" '
            f'height="{height:.1f}" fill="{"#1f4e79" if weight >= threshold else "#b8c4d0"}">'
            f"<title>{weight} to {weight + 1}: {weights[weight]} pairs</title></rect>"
        )
    line = MARGIN + (threshold - low) * step
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>{"".join(bars)}'
        f'<line x1="{line:.1f}" x2="{line:.1f}" y1="{MARGIN / 2}" y2="{HEIGHT - MARGIN}" stroke="#c00000"/>'
        f'<text x="{line + 4:.1f}" y="{MARGIN / 2 + 8}">link from here on</text>'
        f'<text x="{MARGIN}" y="{HEIGHT - 12}">{low}</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 12}" text-anchor="end">{high} (match weight, log2 of the odds)</text></svg>'
    )


def as_markdown(svg: str) -> str:
    """The picture inside the text itself."""
    return f"![Compared pairs by match weight](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
