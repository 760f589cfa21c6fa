"""The warehouse file: one way to open it, one lock around every writer."""

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.errors import LockHeld, WarehouseDamaged

STORAGE_VERSION = "v1.5.0"
"""Format of a new warehouse file. In the default's, which far older versions of DuckDB can read, writing texts costs a
quarter more."""


MOST_MEMORY_MB = 5_000
"""What DuckDB takes unless it is told otherwise, so that app and Dagster have room beside a run: over 20 million events that
costs a sixth more CPU than 17 GB."""


def connection_settings() -> dict[str, str]:
    """What every connection to the warehouse sets; the dbt profile says the same.

    `LOYALTY_THREADS` and `LOYALTY_MEMORY_LIMIT` change how fast a run is, never what it computes.
    """
    three_quarters_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * 3 // 4 // 1_000_000
    return {
        "TimeZone": "UTC",
        # it would go to the standard output, which belongs to the command
        "enable_progress_bar": "false",
        "threads": os.environ.get("LOYALTY_THREADS") or str(os.cpu_count() or 2),
        "memory_limit": os.environ.get("LOYALTY_MEMORY_LIMIT") or f"{min(three_quarters_mb, MOST_MEMORY_MB)}MB",
    }


DAMAGED = re.compile(
    r"not a valid DuckDB|Could not read enough bytes|Corrupt|newer version|older version|version number"
)


def connect(database: Path) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for reading and writing; the caller closes it (use `with`).

    Raises:
        WarehouseDamaged: the file is no warehouse any more, or a newer DuckDB's.
    """
    if not database.exists():
        path = str(database).replace("'", "''")
        with duckdb.connect() as creating:
            creating.execute(f"attach '{path}' as warehouse (storage_version '{STORAGE_VERSION}')")
    try:
        connection = duckdb.connect(str(database))
    except duckdb.Error as problem:
        if DAMAGED.search(str(problem)):
            # `from None`: however often one tries, it stays so
            raise WarehouseDamaged(
                f"{database} is damaged, or was written by a newer DuckDB: delete it; what it held is made anew from "
                "deliveries/ and state/ by: loyalty run"
            ) from None
        raise
    for name, value in connection_settings().items():
        connection.execute(f"set {name} = '{value}'")
    return connection


@contextmanager
def writer_lock(lock: Path, wait_minutes: float, say: Callable[[str], None] = lambda _: None) -> Generator[None]:
    """Hold the only right to write below `lock`'s folder; the kernel frees it when the process dies.

    Says once for whom it waits. Raises LockHeld after `wait_minutes`.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as handle:
        deadline = time.monotonic() + wait_minutes * 60
        said = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                handle.seek(0)
                holder = handle.read().strip() or "another run"
                if time.monotonic() >= deadline:
                    raise LockHeld(
                        f"{lock} is still held by {holder} after {wait_minutes:g} minutes; "
                        "wait for it, or end that process and run again"
                    ) from None
                if not said:
                    say(f"waiting for {holder}, which holds {lock}")
                    said = True
                time.sleep(0.2)
        handle.seek(0)
        handle.truncate()
        json.dump({"process": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}, handle)
        handle.flush()
        try:
            yield
        finally:
            handle.seek(0)
            handle.truncate()
