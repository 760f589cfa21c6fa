"""One delivery → its rows in raw.<dataset>, what was refused in raw.quarantine, and its count; one transaction each."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.landing.contract import Column, Dataset
from orchestration.landing.decode import Refused, expanded
from orchestration.landing.formats import Rows, open_rows
from orchestration.landing.tables import append, raw, run
from orchestration.landing.typed import is_plain, literal, quoted, reason_of, text_of, value_of
from orchestration.settings import Settings

EXCERPT = 1000
"""Characters of refused text that are kept."""
MANY = 20_000
"""Rows; for fewer it is not worth while to stop a thread."""


def load_delivery(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, sha256: str, file: Path, settings: Settings, scratch: Path
) -> str:
    """Load one content; returns its status, `loaded` or `unreadable`. The session's time zone must be the company's."""
    for fast in (True, False):
        with tempfile.TemporaryDirectory(dir=scratch) as folder, _threads_kept(connection):
            run(connection, "begin")
            try:
                rows = open_rows(connection, file, dataset, settings, Path(folder), fast)
                if rows.serial and rows.received > MANY:
                    # only one can work on them; any other would ask for work all the while, at twice the CPU
                    run(connection, "set threads = 1")
                accounted = _insert(connection, dataset, sha256, rows, settings)
                if accounted != rows.received and fast:
                    run(connection, "rollback")
                    continue
                append(connection, "raw.loads", [(dataset.name, sha256, "loaded", rows.received, None, None)])
                append(connection, "raw.load_notes", notes_on(dataset, sha256, rows))
                run(connection, "commit")
                return "loaded"
            except Refused as refusal:
                run(connection, "rollback")
                mark_unreadable(connection, dataset, sha256, refusal)
                return "unreadable"
            except duckdb.Error as problem:
                run(connection, "rollback")
                limits = settings.max_expanded_mb, settings.max_expansion_ratio
                if not _file_is_broken(expanded(file, Path(folder), *limits)):
                    raise
                mark_unreadable(connection, dataset, sha256, Refused("not_parquet", type(problem).__name__))
                return "unreadable"
            except BaseException:
                run(connection, "rollback")
                raise
    raise AssertionError("the careful reading always returns")


def _insert(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, sha256: str, rows: Rows, settings: Settings
) -> int:
    """Insert what is good and what is refused; the number of rows accounted for."""
    accepted, refused = statements(dataset, rows, settings)
    names = ", ".join(map(quoted, dataset.names))
    [(inserted,)] = run(
        connection,
        f"insert into {raw(dataset)} select {names}, {literal(sha256)}, _line, false from ({accepted}) as good",
    )
    append(
        connection,
        "raw.quarantine",
        [(dataset.name, sha256, None, r.line, r.column, r.reason, r.raw[:EXCERPT], None) for r in rows.refused],
    )
    missing = rows.received - inserted - len(rows.refused)
    if missing:
        run(
            connection,
            f"insert into raw.quarantine select ?, ?, null, _line, refusal.name, refusal.reason, refusal.raw, row_key from ({refused})",
            [dataset.name, sha256],
        )
        [(bad,)] = run(
            connection,
            "select count(distinct line) from raw.quarantine where dataset = ? and delivery = ?",
            [dataset.name, sha256],
        )
        return inserted + bad
    return rows.received


@contextmanager
def _threads_kept(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    """As many threads afterwards as before. Around the transaction: within one that failed nothing can be set."""
    [(threads,)] = run(connection, "select current_setting('threads')")
    try:
        yield
    finally:
        run(connection, f"set threads = {threads}")


def statements(dataset: Dataset, rows: Rows, settings: Settings) -> tuple[str, str]:
    """Two queries over `rows`: the good ones typed, and one row per refused cell of the others."""
    sources, values, good, problems = [], [], [], []
    texts = [quoted(name) for name, kind in rows.types.items() if kind == "VARCHAR"]
    plain = "_plain" if texts and not rows.trimmed else None
    relation = f"(select *, {is_plain(texts)} as {plain} from {rows.relation})" if plain else rows.relation
    for column in dataset.columns:
        source, text, value = (quoted(prefix + column.name) for prefix in ("s_", "t_", "v_"))
        kind = rows.types.get(column.name)
        if kind is None:
            values.append(f"cast(null as {column.data_type}) as {value}")
            continue
        sources.append(
            f"{quoted(column.name)} as {source}, {text_of(quoted(column.name), kind, rows.trimmed, plain)} as {text}"
        )
        values.append(f"{_value(column, text, source, kind, dataset, settings, rows.absent, plain)} as {value}")
        bad = (
            f"{value} is null"
            if column.required
            else f"{text if kind == 'VARCHAR' else source} is not null and {value} is null"
        )
        good.append(f"not ({bad})")
        unbounded = _value(replace(column, minimum=None, maximum=None), text, source, kind, dataset, settings)
        reason = reason_of(column, text, source, kind, unbounded)
        problems.append(
            f"case when {bad} then {{'name': {literal(column.name)}, 'reason': {reason}, 'raw': left({text}, {EXCERPT})}} end"
        )
    if plain:
        sources.append(plain)
    typed = (
        f"select *, {', '.join(values)} from (select {', '.join(sources)}, {rows.carried} from {relation}) as delivered"
    )
    names = ", ".join(f"{quoted('v_' + name)} as {quoted(name)}" for name in dataset.names)
    key = key_text(dataset, "v_")
    accepted = f"select {names}, {rows.carried} from ({typed}) as typed where {' and '.join(good)}"
    refused = (
        f"select * from (select _line, {key} as row_key, unnest([{', '.join(problems)}]) as refusal "
        f"from ({typed}) as typed where not ({' and '.join(good)})) as cells where refusal is not null"
    )
    return accepted, refused


def _value(
    column: Column,
    text: str,
    source: str,
    kind: str,
    dataset: Dataset,
    settings: Settings,
    absent: str = "",
    plain: str | None = None,
) -> str:
    return value_of(column, text, source, kind, settings.formats.get(dataset.name), settings.timezone, absent, plain)


def key_text(dataset: Dataset, prefix: str = "") -> str:
    """SQL for a row's key as one text; null where a part of it is."""
    return " || chr(31) || ".join(f"cast({quoted(prefix + name)} as varchar)" for name in dataset.key)


def notes_on(dataset: Dataset, sha256: str, rows: Rows) -> list[tuple[str, str, str, str]]:
    """Which columns a delivery lacked, and which it had that the contract does not know."""
    notes = []
    for code, names in (("missing_column", rows.missing), ("unknown_column", rows.unknown)):
        if names:
            more = f" and {len(names) - 50} more" if len(names) > 50 else ""
            notes.append((dataset.name, sha256, code, ", ".join(names[:50]) + more))
    return notes


def mark_unreadable(connection: duckdb.DuckDBPyConnection, dataset: Dataset, sha256: str, refusal: Refused) -> None:
    """Quarantine a content whole, in a transaction of its own."""
    run(connection, "begin")
    try:
        content = (dataset.name, sha256, "unreadable", refusal.received, refusal.code, refusal.detail[:EXCERPT])
        append(connection, "raw.loads", [content])
        line = 1 if refusal.code.endswith("_column") else None
        column = refusal.detail if refusal.code.endswith("_column") else None
        append(connection, "raw.quarantine", [(dataset.name, sha256, None, line, column, refusal.code, None, None)])
        run(connection, "commit")
    except BaseException:
        run(connection, "rollback")
        raise


def _file_is_broken(file: Path) -> bool:
    """Does reading the file fail on a fresh connection too? Then the file is at fault, not the disk or the memory."""
    with file.open("rb") as reading:
        if reading.read(4) != b"PAR1":
            return False
    try:
        with duckdb.connect() as fresh:
            run(fresh, f"select max(hash(content)) from read_parquet({literal(str(file))}) as content")
    except duckdb.Error:
        return True
    return False
