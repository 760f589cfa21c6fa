"""What a format reader yields: rows of cells, and rows that are none."""

from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A row's cells in the order of the header; null where the format says so. `line` is where it starts."""

    line: int
    cells: Sequence[str | None]


class Refusal(NamedTuple):
    """A row refused as a whole, or for one column, with the reason's code and the text as delivered."""

    line: int
    column: str | None
    reason: str
    raw: str
