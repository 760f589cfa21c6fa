"""What a run costs when nothing new was delivered."""

from .rows import Row
from .workshop import TINY, Workshop


def rows(workshop: Workshop) -> list[Row]:
    """The second `loyalty run` on a folder against the first one."""
    data, first = workshop.first_run(TINY)
    workshop.say("loyalty run again")
    return [Row("second run, nothing new", "the first run", workshop.run(data), first)]
