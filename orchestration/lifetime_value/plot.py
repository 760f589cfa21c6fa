"""The hold-out as a picture: expected and actual purchases per customer, by how often they had bought before."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it needs scipy
    from orchestration.lifetime_value.calibration import Bin

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 300, 56, 30, 46
EXPECTED, ACTUAL = "#1f77b4", "#ff7f0e"


def calibration_svg(bins: "Sequence[Bin]") -> str:
    """Two lines over the bins, as SVG."""
    means = [(one.expected / one.customers, one.actual / one.customers) for one in bins]
    highest = max((value for pair in means for value in pair), default=0) or 1
    step = (WIDTH - LEFT) / max(len(bins), 1)

    def place(at: int, value: float) -> tuple[float, float]:
        return LEFT + step * (at + 0.5), HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / highest

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18"><tspan fill="{EXPECTED}">■ expected</tspan> <tspan fill="{ACTUAL}">■ actual</tspan>'
        " purchase days per customer in the hold-out</text>",
        f'<path d="M{LEFT} {TOP} V{HEIGHT - BOTTOM} H{WIDTH}" fill="none" stroke="#888"/>',
        f'<text x="{LEFT - 6}" y="{TOP + 10}" text-anchor="end">{highest:.2f}</text>',
        f'<text x="{LEFT - 6}" y="{HEIGHT - BOTTOM}" text-anchor="end">0</text>',
        f'<text x="{(WIDTH + LEFT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">repeat purchase days before it</text>',
    ]
    for at, one in enumerate(bins):
        label = f"{one.repeats_from}" if one.repeats_from == one.repeats_to else f"{one.repeats_from}–{one.repeats_to}"
        parts.append(f'<text x="{place(at, 0)[0]:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{label}</text>')
    for line, colour in enumerate((EXPECTED, ACTUAL)):
        points = [place(at, pair[line]) for at, pair in enumerate(means)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
    return "".join([*parts, "</svg>"])


def as_markdown(svg: str, text: str) -> str:
    """The picture inside markdown, which needs no file beside it."""
    return f"![{text}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
