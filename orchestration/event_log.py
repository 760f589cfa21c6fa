"""Dagster's event log in SQLite without a wait for the disk at every event."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


@contextmanager
def without_waiting() -> Generator[None]:
    """Within it SQLite leaves it to the system when events reach the disk, and files stay open between two events.

    Dagster opens a connection per event. Closing the last one to a file merges the write-ahead log into it, and every
    commit waits for the disk: a third of a small run's time. A run that is killed loses no event this way; a power cut may
    cost the last ones, never the file (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    from sqlalchemy import Engine, event

    held: dict[str, sqlite3.Connection] = {}

    def on_connect(connection: Any, _record: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        connection.execute("pragma synchronous = normal")
        [(_, _, file), *_] = connection.execute("pragma database_list").fetchall()
        if file and file not in held:
            held[file] = sqlite3.connect(file, check_same_thread=False)
            held[file].execute("select count(*) from sqlite_schema").fetchall()

    event.listen(Engine, "connect", on_connect)
    try:
        yield
    finally:
        event.remove(Engine, "connect", on_connect)
        for connection in held.values():
            connection.close()
