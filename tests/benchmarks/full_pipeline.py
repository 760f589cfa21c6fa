"""The whole pipeline on a large company, and one more day of it, against one hand-written script on the same files."""

import shutil

from .measure import Cost, inside
from .rows import Row
from .workshop import TINY, Workshop


def rows(workshop: Workshop) -> list[Row]:
    """`loyalty run` against roofline.sql; then `loyalty run` with a new day, less the fixed cost, against the first."""
    data, size = workshop.root / "large", [str(workshop.large.customers), str(workshop.large.events)]
    workshop.say(f"writing {workshop.large}")
    _, written = inside(["write-large", str(data), *size])
    workshop.say("roofline")
    theirs, read = inside(["roofline", str(data / "landing"), str(workshop.root / "roofline")])
    workshop.say("loyalty run")
    ours = workshop.run(data)
    _, loaded = inside(["loaded", str(data)])
    found = [Row(f"full pipeline ({workshop.large})", "roofline.sql", ours, theirs, _compared(written, read, loaded))]

    _, added = inside(["write-day", str(data), *size])
    workshop.say("loyalty run with one more day")
    day = workshop.run(data)
    _, fixed = workshop.first_run(TINY)
    beyond = Cost(day.cpu - fixed.cpu, day.wall - fixed.wall, day.peak)
    _, after = inside(["loaded", str(data)])
    if after["received"] - loaded["received"] != added["rows"]:
        raise RuntimeError(f"{added['rows']} rows were added and {after['received'] - loaded['received']} received")
    note = f"{added['rows']:,} rows; {day.cpu:.0f} CPU s in all, of which {fixed.cpu:.0f} are the fixed cost"
    shutil.rmtree(data)
    return [*found, Row("one more day, beyond the fixed cost", "the full pipeline", beyond, ours, note)]


def _compared(written: dict, read: dict, loaded: dict) -> str:
    """What both made of the files; a RuntimeError where they saw different ones."""
    for name in ("events", "customers"):
        if read[name] != loaded[name]:
            raise RuntimeError(f"the roofline found {read[name]} {name} and the pipeline {loaded[name]}")
    again = written["rows"] - read["events"]
    return (
        f"{written['files']} files of events, {written['bytes'] / 1e6:,.0f} MB; {read['events']:,} events "
        f"and {again:,} delivered again; {read['customers']:,} customers"
    )
