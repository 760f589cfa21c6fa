"""What people decided about records: must-link and cannot-link, kept for ever in `data/state/decisions/decisions.jsonl`.

A line per decision or revocation, only ever appended. The log's digest stands in the manifest of every version
(`decisions`), so that a log that was cut short is found: deliveries, state and decisions rebuild the numbers.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.folders import DataFolder
from orchestration.identity import append_only

Record = tuple[str, str]
"""source_system, source_customer_id"""

COLUMNS = """
    decision_id varchar, kind varchar, left_source_system varchar, left_source_customer_id varchar,
    right_source_system varchar, right_source_customer_id varchar, decided_at timestamp, decided_by varchar,
    reason varchar, revoked_at timestamp, revoked_by varchar, revocation_reason varchar
"""


@dataclass(frozen=True)
class Decision:
    """One decision as it stands today; `kind` is must_link or cannot_link, times are UTC in ISO 8601."""

    decision_id: str
    kind: str
    left_source_system: str
    left_source_customer_id: str
    right_source_system: str
    right_source_customer_id: str
    decided_at: str
    decided_by: str
    reason: str
    revoked_at: str | None = None
    revoked_by: str | None = None
    revocation_reason: str | None = None

    @property
    def left(self) -> Record:
        return self.left_source_system, self.left_source_customer_id

    @property
    def right(self) -> Record:
        return self.right_source_system, self.right_source_customer_id

    @property
    def in_force(self) -> bool:
        return self.revoked_at is None


def log_of(folder: DataFolder) -> Path:
    """Where a company's decisions lie."""
    return folder.state / "decisions" / "decisions.jsonl"


def read(folder: DataFolder) -> tuple[list[Decision], str | None]:
    """All decisions in the order they were taken, revoked ones included, and the log's digest (None while it is empty).

    Raises:
        LogDamaged: a line is not what was written there, or the log lacks what the published version was made with.
    """
    entries = append_only.entries(log_of(folder))
    decisions: dict[str, Decision] = {}
    for entry in entries:
        if "revokes" in entry:
            decisions[entry["revokes"]] = replace(
                decisions[entry["revokes"]],
                revoked_at=entry["at"],
                revoked_by=entry["by"],
                revocation_reason=entry["reason"],
            )
        else:
            left, right = entry["records"]
            decisions[entry["decision_id"]] = Decision(
                entry["decision_id"], entry["kind"], *left, *right, entry["at"], entry["by"], entry["reason"]
            )
    _check_nothing_is_missing(folder, {entry["digest"] for entry in entries})
    return list(decisions.values()), entries[-1]["digest"] if entries else None


def record(folder: DataFolder, kind: str, left: Record, right: Record, by: str, why: str, at: datetime) -> str:
    """Append a decision and return its id. The caller holds the writer lock and has asked for `contradictions`."""
    decision_id = f"D{len(read(folder)[0]) + 1:04d}"
    entry = {"decision_id": decision_id, "kind": kind, "records": sorted([left, right])}
    append_only.append(log_of(folder), entry | _signed(by, why, at))
    return decision_id


def revoke(folder: DataFolder, decision_id: str, by: str, why: str, at: datetime) -> None:
    """Append that a decision no longer holds. The caller holds the writer lock and knows that it does hold."""
    append_only.append(log_of(folder), {"revokes": decision_id} | _signed(by, why, at))


def load(connection: duckdb.DuckDBPyConnection, folder: DataFolder) -> int:
    """Write `identity.decisions`, a row per decision (revoked ones too), and `identity.decisions_state` with the log's
    digest or null, for the manifest; returns how many decisions are in force.
    """
    decisions, digest = read(folder)
    connection.execute("create schema if not exists identity")
    connection.execute(f"create or replace table identity.decisions ({COLUMNS})")
    if decisions:
        connection.executemany(
            f"insert into identity.decisions values ({', '.join('?' * 12)})",
            [[_cell(name, value) for name, value in asdict(decision).items()] for decision in decisions],
        )
    connection.execute(
        "create or replace table identity.decisions_state as select cast(? as varchar) as digest", [digest]
    )
    return sum(decision.in_force for decision in decisions)


def _signed(by: str, why: str, at: datetime) -> dict[str, str]:
    return {"by": by, "reason": why, "at": at.astimezone(UTC).isoformat(timespec="seconds")}


def _cell(name: str, value: str | None) -> Any:
    if value is not None and name.endswith("_at"):
        return datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
    return value


def _check_nothing_is_missing(folder: DataFolder, known: set[str]) -> None:
    manifest = folder.published / "current" / "manifest.json"
    if manifest.exists():
        made_with = json.loads(manifest.read_text(encoding="utf-8")).get("decisions")
        if made_with is not None and made_with not in known:
            raise append_only.LogDamaged(
                f"{log_of(folder)}: lacks decisions that the published version was made with; "
                "restore data/state from a backup and run again"
            )
