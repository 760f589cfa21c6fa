"""Field notes: interviews and front-line feedback, the why beside the numbers."""

from datetime import date, datetime, timedelta

from scorecard_app.queries import Queries, Row
from scorecard_app.reading.tables import has_table

DAYS = 365


def field_notes(data: Queries, until: date) -> list[Row]:
    """Notes of the year before a day, newest first; none where the viewer may see none."""
    if not has_table(data, "field_notes"):
        return []
    end = datetime.combine(until, datetime.min.time())
    return data.rows(
        "from field_notes where noted_at >= $begin and noted_at < $end order by noted_at desc, note_id",
        begin=end - timedelta(days=DAYS), end=end,
    )  # fmt: skip


def themes(notes: list[Row]) -> dict[str, int]:
    """How many notes name each theme, most first."""
    counts: dict[str, int] = {}
    for note in notes:
        if note["theme"]:
            counts[note["theme"]] = counts.get(note["theme"], 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
