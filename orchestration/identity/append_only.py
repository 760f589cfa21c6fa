"""A log of JSON lines to which lines are only ever added, and that shows whether anybody did otherwise.

Each line carries `digest`, the SHA-256 over the digest of the line before and its own content, so that an altered,
removed or reordered line is found, and the last line's digest names the whole log.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from orchestration.errors import LoyaltyError


class LogDamaged(LoyaltyError):
    """A log is not what was written: going on would forget what people decided."""


def entries(log: Path) -> list[dict[str, Any]]:
    """All lines, oldest first; none where nothing was ever written.

    Raises:
        LogDamaged: naming the first line that is not what was written there.
    """
    found: list[dict[str, Any]] = []
    before = ""
    for number, line in enumerate(_whole_lines(log).splitlines(), start=1):
        try:
            entry = json.loads(line)
            intact = entry["digest"] == _digest(before, entry)
        except (ValueError, KeyError, TypeError):
            intact, entry = False, {}
        if not intact:
            raise LogDamaged(
                f"{log}, line {number}: altered since it was written; restore data/state from a backup and run again"
            )
        before = entry["digest"]
        found.append(entry)
    return found


def append(log: Path, entry: dict[str, Any]) -> None:
    """Add a line; when this returns, it survives a power cut. The caller holds the writer lock."""
    earlier = entries(log)
    entry = entry | {"digest": _digest(earlier[-1]["digest"] if earlier else "", entry)}
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        file.truncate(len(_whole_lines(log)))
        file.write((json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())
    handle = os.open(log.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _whole_lines(log: Path) -> bytes:
    """The log without a last line that a crash cut short: nobody was ever told that it was kept."""
    content = log.read_bytes() if log.exists() else b""
    return content[: content.rfind(b"\n") + 1]


def _digest(before: str, entry: dict[str, Any]) -> str:
    content = json.dumps({key: value for key, value in entry.items() if key != "digest"}, sort_keys=True)
    return hashlib.sha256(f"{before}\n{content}".encode()).hexdigest()
