"""Many Parquet deliveries of one shape at once: the cost of planning and committing is paid per group, not per file.

Only for groups in which every row is good; anything else is left to `load_delivery`, file by file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from orchestration.landing.contract import Dataset
from orchestration.landing.decode import Refused
from orchestration.landing.formats import parquet_footer, parquet_rows
from orchestration.landing.load import notes_on, statements
from orchestration.landing.tables import append, raw, run
from orchestration.landing.typed import quoted
from orchestration.settings import Settings

MOST_FILES, MOST_ROWS = 64, 5_000_000


def groups(files: Iterable[tuple[str, Path]]) -> Iterator[list[tuple[str, Path, int]]]:
    """Of (sha256, file), those Parquet files that share a schema, in groups of (sha256, file, rows)."""
    alike: dict[str, list[tuple[str, Path, int]]] = defaultdict(list)
    for sha256, file in files:
        with file.open("rb") as reading:
            if reading.read(4) != b"PAR1":
                continue
        try:
            rows, _, schema = parquet_footer(file)
        except Refused:
            continue
        group = alike[schema]
        if len(group) == MOST_FILES or sum(count for *_, count in group) + rows > MOST_ROWS:
            yield alike.pop(schema)
        alike[schema].append((sha256, file, rows))
    yield from (group for group in alike.values() if group)


def load_group(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, group: list[tuple[str, Path, int]], settings: Settings
) -> bool:
    """Load a group in one transaction; False, and nothing done, unless every row of it is good."""
    received = sum(count for *_, count in group)
    run(connection, "begin")
    try:
        rows = parquet_rows(connection, [file for _, file, _ in group], dataset, received)
        accepted, _ = statements(dataset, rows, settings)
        names = ", ".join(map(quoted, dataset.names))
        # The copies lie in a folder named by their content: …/<dataset>/<sha256>/content.
        [(inserted,)] = run(
            connection,
            f"insert into {raw(dataset)} select {names}, split_part(_file, '/', -2), _line, false from ({accepted}) as good",
        )
        if inserted == received:
            append(
                connection, "raw.loads", [(dataset.name, sha, "loaded", count, None, None) for sha, _, count in group]
            )
            append(connection, "raw.load_notes", [note for sha, *_ in group for note in notes_on(dataset, sha, rows)])
            run(connection, "commit")
            return True
    except (Refused, duckdb.Error):
        pass  # read one by one, the file at fault is found and named
    except BaseException:
        run(connection, "rollback")
        raise
    run(connection, "rollback")
    return False
