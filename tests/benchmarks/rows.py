"""The rows of the benchmark's table, and the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from .measure import Cost


@dataclass(frozen=True)
class Row:
    """One measure beside its peer; `note` says what the figures alone don't."""

    measure: str
    peer: str
    ours: Cost
    theirs: Cost
    note: str = ""


_HEAD = ("measure", "peer", "CPU s", "peer", "ratio", "wall s", "peer", "ratio", "peak MB", "peer", "ratio")


def table(rows: Sequence[Row]) -> str:
    """All rows as aligned text, notes below."""
    lines = [_HEAD, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEAD))]
    texts = [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    texts.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{row.measure}: {row.note}" for row in rows if row.note]
    return "\n".join([*texts, "", *notes])


def _cells(row: Row) -> tuple[str, ...]:
    cells = [row.measure, row.peer]
    pairs = (row.ours.cpu, row.theirs.cpu), (row.ours.wall, row.theirs.wall), (row.ours.peak, row.theirs.peak)
    for ours, theirs in pairs:
        cells += [_short(ours), _short(theirs), _short(ours / theirs) if theirs else "-"]
    return tuple(cells)


def _short(figure: float) -> str:
    """Three digits that matter: 0.00045, 1.25, 98.3, 4,512."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
