"""What identity remembers from run to run: immutable folders `data/state/identity/<number>-<hash>/`.

Each is complete by itself, so that older ones may go. It holds

- `memberships.parquet` (source_system, source_customer_id, customer_id, since): the last known customer of every record
  ever seen, and the number of the state that made it so;
- `past_memberships.parquet` (the same and until): which customers a record had before;
- `customers.parquet` (customer_id, first_seen: the number of the state that created it, alias_of: the id that absorbed
  it, else null);
- `events.parquet` (number, event, old_customer_id, new_customer_id, decision_id): what else happened to customers;
- `runs.parquet` (number, as_of, run): which run wrote a state, and for which moment it spoke.

A state is in force because the published version's manifest names it under `identity_state`, so a crash between writing
a state and publishing leaves the old one in force.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

import duckdb

from orchestration.errors import LoyaltyError
from orchestration.folders import DataFolder

MEMBERSHIPS = "memberships.parquet"
CUSTOMERS = "customers.parquet"
PAST = "past_memberships.parquet"
EVENTS = "events.parquet"
RUNS = "runs.parquet"
UNFINISHED = ".writing"
SHOWN_DIGITS = 12


class IdentityStateError(LoyaltyError):
    """The remembered customer ids are missing or damaged: going on would give customers new ids."""


def states_folder(data: DataFolder) -> Path:
    """Where the states of a company lie."""
    return data.state / "identity"


def prepare(data: DataFolder) -> Path | None:
    """The state in force, verified, after sweeping what a crashed run left behind; None before the first run.

    With a published version it is the state its manifest names; without any (published and warehouse were deleted)
    the newest there is.

    Raises:
        IdentityStateError: a manifest names no state, or one that is missing or altered.
    """
    folder = states_folder(data)
    for leftover in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(leftover)
    states = _states(folder)
    manifest = data.published / "current" / "manifest.json"
    if not manifest.exists():
        return _verified(states[-1]) if states else None
    name = _named_by(manifest)
    if name is None:
        return None
    in_force = _verified(folder / name)
    named = {_named_by(other) for other in data.published.glob("*/manifest.json")}
    for state in states:
        # A later state that no version names belongs to a run that never published.
        if number(state) > number(in_force) and state.name not in named:
            shutil.rmtree(state)
    return in_force


def number(state: Path) -> int:
    """A state's place in the order of creation, from 1."""
    return int(state.name.partition("-")[0])


def next_number(folder: Path) -> int:
    """The number of the state to be written next below `folder`."""
    states = _states(folder)
    return number(states[-1]) + 1 if states else 1


def write(connection: duckdb.DuckDBPyConnection, folder: Path, new_number: int) -> Path:
    """Write the connection's tables `new_…` (see `remembered`) as a state; complete or not at all."""
    unfinished = folder / f"{UNFINISHED}-{os.getpid()}"
    unfinished.mkdir(parents=True)
    for name, table, key in (
        (MEMBERSHIPS, "new_memberships", "source_system, source_customer_id"),
        (PAST, "new_past", "source_system, source_customer_id, until"),
        (CUSTOMERS, "new_customers", "customer_id"),
        (EVENTS, "new_events", "all"),
        (RUNS, "new_runs", "number"),
    ):
        target = str(unfinished / name).replace("'", "''")
        connection.execute(
            f"copy (select * from {table} order by {key}) to '{target}' (format parquet, compression zstd)"
        )
        with (unfinished / name).open("rb") as file:
            os.fsync(file.fileno())
    _sync(unfinished)
    state = folder / f"{new_number:06d}-{_digest(unfinished)}"
    unfinished.rename(state)
    _sync(folder)
    return state


def _states(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob("[0-9]*-*") if path.is_dir()), key=number)


def _named_by(manifest: Path) -> str | None:
    """The state that a published version was made with (null: it was published without identity)."""
    content = json.loads(manifest.read_text(encoding="utf-8"))
    name = content.get("identity_state", "")
    if name is not None and not (isinstance(name, str) and name):
        raise IdentityStateError(
            f"{manifest}: identity_state must name a folder below state/identity (or be null), so it is unknown which "
            "customer ids were published; restore data/published from a backup, or remove it to start from the newest state"
        )
    return name


def _verified(state: Path) -> Path:
    """The same path, if its files are there and are what was written."""
    if not all((state / name).is_file() for name in (MEMBERSHIPS, CUSTOMERS)):
        raise IdentityStateError(
            f"{state}: the state in force is missing; restore data/state from a backup and run again"
        )
    if state.name.partition("-")[2] != _digest(state):
        raise IdentityStateError(
            f"{state}: altered since it was written; restore data/state from a backup and run again"
        )
    return state


def _digest(state: Path) -> str:
    """The first hex digits of the SHA-256 over its files; the first states had only two."""
    digest = hashlib.sha256()
    for name in (MEMBERSHIPS, CUSTOMERS, PAST, EVENTS, RUNS):
        if (state / name).exists():
            digest.update((state / name).read_bytes())
    return digest.hexdigest()[:SHOWN_DIGITS]


def _sync(folder: Path) -> None:
    """Make renames and new names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
