"""The whole job on the demo company as `make run` creates it."""

from .rows import Row
from .workshop import TINY, Workshop


def rows(workshop: Workshop) -> list[Row]:
    """`loyalty run` on the demo company; its peer is the fixed cost, so that the ratio says what the data cost."""
    _, fixed = workshop.first_run(TINY)
    _, ours = workshop.first_run(workshop.company)
    return [Row(f"whole job ({workshop.company})", f"whole job ({TINY})", ours, fixed)]
