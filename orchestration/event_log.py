"""Dagster's event log in SQLite without a wait for the disk, a connection and a compilation at every event."""

import sqlite3
from collections import defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast


class _Kept(sqlite3.Connection):
    """A connection that waits for its next use when it is closed."""

    free: "list[_Kept]"

    def close(self) -> None:
        self.free.append(self)


@contextmanager
def without_waiting() -> Generator[None]:
    """Within it SQLite leaves it to the system when events reach the disk, and connections and engines are used again.

    Dagster opens ten connections per asset, each from a new engine that compiles its statements anew. Closing the last
    connection to a file merges the write-ahead log into it, and every commit waits for the disk: half of a small run's time.
    A run that is killed loses no event this way; a power cut may cost the last ones, never the file
    (https://www.sqlite.org/pragma.html#pragma_synchronous).
    """
    from dagster._core.storage.event_log.sqlite import sqlite_event_log
    from sqlalchemy import Engine, event

    free: dict[object, list[_Kept]] = defaultdict(list)
    opened: list[_Kept] = []

    def connect(dialect: Any, _record: object, arguments: list[Any], options: dict[str, Any]) -> _Kept | None:
        if dialect.name != "sqlite":
            return None  # SQLAlchemy connects itself
        same = free[*arguments, *sorted(options.items())]
        if same:
            return same.pop()
        connection = sqlite3.connect(*arguments, **{**options, "check_same_thread": False}, factory=_Kept)
        connection.free = same
        connection.execute("pragma synchronous = normal")
        opened.append(connection)
        return connection

    create_engine = sqlite_event_log.create_engine
    engines: dict[str, Engine] = {}

    def engine(url: str, **options: Any) -> Engine:
        return engines.get(url) or engines.setdefault(url, create_engine(url, **options))

    event.listen(Engine, "do_connect", connect)
    sqlite_event_log.create_engine = cast("Any", engine)
    try:
        yield
    finally:
        sqlite_event_log.create_engine = create_engine
        event.remove(Engine, "do_connect", connect)
        for connection in opened:
            sqlite3.Connection.close(connection)
