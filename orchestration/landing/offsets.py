"""Zones that have stopped changing their clocks: with them a local time becomes UTC by a subtraction."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FIRST_YEAR, END_YEAR = 1970, 2100


@cache
def fixed_offset(zone: ZoneInfo) -> tuple[datetime, timedelta] | tuple[None, None]:
    """From when on (UTC) the zone keeps one offset for good, and which; nothing where it still changes its clocks.

    Looked for month by month from 1970 to 2100.
    """
    months = [
        datetime(FIRST_YEAR + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        for month in range((END_YEAR - FIRST_YEAR) * 12 + 1)
    ]
    offsets = [month.astimezone(zone).utcoffset() for month in months]
    kept = next((at for at in range(len(months) - 1, 0, -1) if offsets[at - 1] != offsets[at]), 0)
    last = offsets[-1]
    # a zone with summer time changed it within the last year of the range
    if last is None or kept > len(months) - 13:
        return None, None
    return months[kept].replace(tzinfo=None), last
