"""When a delivery was made, as its path tells: it stands in for a missing updated_at."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_STAMP = re.compile(
    r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<dash>-?)(?P<m>[0-9]{2})(?P=dash)(?P<d>[0-9]{2})"
    r"(?:[T_ ](?P<H>[0-9]{2})[:.-]?(?P<M>[0-9]{2})(?:[:.-]?(?P<S>[0-9]{2}))?)?(?![0-9])"
)


def order_time(paths: Iterable[str], zone: ZoneInfo) -> datetime | None:
    """The latest ISO date or time in any of the paths, read in the company's zone, as naive UTC; None without one.

    Understands 2026-03-31 and 20260331, either followed by T18:05[:00] (or 1805, 18-05; `_` or a blank for the T).
    """
    found = [moment for path in paths for match in _STAMP.finditer(path) if (moment := _moment(match, zone))]
    return max(found, default=None)


def _moment(match: re.Match[str], zone: ZoneInfo) -> datetime | None:
    parts = [int(match[name] or 0) for name in ("y", "m", "d", "H", "M", "S")]
    try:
        local = datetime(*parts, tzinfo=zone)
    except ValueError:
        return None
    return local.astimezone(UTC).replace(tzinfo=None)
