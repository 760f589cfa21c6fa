"""What was refused, where, why and what to do; and dismissing it by a person's decision."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder
from orchestration.landing.counts import DISMISSALS
from orchestration.landing.intake import kept
from orchestration.landing.reasons import reason
from orchestration.landing.tables import run


@dataclass(frozen=True)
class Refused:
    """One refused cell, row (`column` None) or file (`line` None); the value itself is never part of it."""

    dataset: str
    delivery: str
    path: str
    line: int | None
    column: str | None
    code: str
    sentence: str
    remedy: str
    dismissed: bool
    cleared: bool

    @property
    def how_to_clear(self) -> str:
        """What takes this entry off the list."""
        if reason(self.code).level == "set":
            return f"{self.remedy} Or: loyalty quarantine --dismiss {self.delivery[:12]} --reason TEXT"
        return (
            f"{self.remedy} Then deliver the corrected rows, or the corrected file at landing/{self.path}. "
            f"Or: loyalty quarantine --dismiss {self.delivery[:12]} --reason TEXT"
        )


def refused(
    connection: duckdb.DuckDBPyConnection, language: str = "en", everything: bool = True, limit: int | None = None
) -> list[Refused]:
    """All refusals by dataset, path and line; without `everything`, only those neither cleared nor dismissed."""
    rows = run(
        connection,
        "select q.dataset, q.delivery, q.path, q.line, q.column_name, q.reason, d.dismissed, d.cleared "
        "from raw.quarantine as q join raw.deliveries as d using (dataset, delivery, path) "
        + ("" if everything else "where not d.dismissed and not d.cleared ")
        + "order by q.dataset, q.path, q.delivery, q.line nulls first, q.column_name nulls first, q.reason"
        + (f" limit {int(limit)}" if limit is not None else ""),
    )
    entries = []
    for dataset, delivery, path, line, column, code, dismissed, cleared in rows:
        known = reason(code)
        sentence, remedy = (known.zh, known.remedy_zh) if language == "zh" else (known.en, known.remedy_en)
        entries.append(Refused(dataset, delivery, path, line, column, code, sentence, remedy, dismissed, cleared))
    return entries


def dismiss(folder: DataFolder, delivery: str, why: str, when: datetime) -> str:
    """Record that a person accepts the loss of what a delivery had refused; takes effect with the next run.

    `delivery` is the start of its SHA-256, at least 6 characters; returns the whole of it.

    Raises:
        ConfigurationError: when no delivery or more than one is meant, or no reason is given.
    """
    if not why.strip():
        raise ConfigurationError("a dismissal needs a reason: --reason TEXT")
    start = delivery.strip().lower()
    meant = sorted({sha256 for _, sha256 in kept(folder.deliveries) if sha256.startswith(start)})
    if len(start) < 6 or len(meant) != 1:
        raise ConfigurationError(
            f"'{delivery}' means {len(meant) if len(start) >= 6 else 'too many'} deliveries; `loyalty quarantine` lists them, "
            "write 6 or more characters of one"
        )
    entry = {
        "delivery": meant[0],
        "reason": why.strip(),
        "at": when.astimezone(UTC).isoformat(timespec="seconds"),
    }
    folder.state.mkdir(parents=True, exist_ok=True)
    with (folder.state / DISMISSALS).open("a", encoding="utf-8") as writing:
        writing.write(json.dumps(entry, ensure_ascii=False) + "\n")
        writing.flush()
        os.fsync(writing.fileno())
    return meant[0]
