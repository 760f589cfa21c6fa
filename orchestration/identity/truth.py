"""Who is whom by labels of the company's own, `truth/people.csv` or `.parquet`: what was found is measured against them.

Columns source_system, source_customer_id and person; a label may cover some of the records only. Nothing is learnt from it.
"""

import csv
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from orchestration.errors import ConfigurationError
from orchestration.folders import DataFolder

COLUMNS = ("source_system", "source_customer_id", "person")


def read(folder: DataFolder) -> pd.DataFrame | None:
    """The labels, `COLUMNS` as texts; None where there is no file.

    Raises:
        ConfigurationError: the file can't be read, lacks a column or a cell, or gives one record two persons.
    """
    file = next(
        (folder.truth / name for name in ("people.csv", "people.parquet") if (folder.truth / name).exists()), None
    )
    if file is None:
        return None
    try:
        lines = _csv(file) if file.suffix == ".csv" else _parquet(file)
    except (UnicodeDecodeError, csv.Error, duckdb.Error) as problem:
        raise _unfit(file, f"it can't be read ({type(problem).__name__})") from problem
    return _checked(file, lines)


def against(connection: duckdb.DuckDBPyConnection, truth: pd.DataFrame) -> dict[str, Any]:
    """Precision, recall and F1 over pairs and B³ (Bagga and Baldwin 1998) of today's customers, over labelled records.

    `records` are compared, `unknown_records` labelled and not delivered; `segments` says the same of the pairs between
    two source systems (or within one): true, found and right pairs.
    """
    connection.register("truth_now", truth)
    labelled = connection.execute("""
        select m.source_system, m.customer_id, t.person
        from identity.memberships as m
        inner join truth_now as t using (source_system, source_customer_id)
        order by m.source_system, m.source_customer_id
    """).df()
    connection.unregister("truth_now")
    pairs = {name: _pairs(labelled, by) for name, by in _GROUPS.items()}
    right = labelled.groupby(_GROUPS["right"])["person"].transform("size")
    precision = (right / labelled.groupby(_GROUPS["found"])["person"].transform("size")).mean()
    recall = (right / labelled.groupby(_GROUPS["true"])["person"].transform("size")).mean()
    return {
        "records": len(labelled),
        "unknown_records": len(truth) - len(labelled),
        **_figures({name: sum(found.values()) for name, found in pairs.items()}),
        "b3_precision": _rounded(precision),
        "b3_recall": _rounded(recall),
        "b3_f1": _rounded(2 * precision * recall / (precision + recall)) if len(labelled) else None,
        "segments": [
            {"left_system": left, "right_system": other, **counts, **_figures(counts)}
            for left, other in combinations_with_replacement(sorted(labelled["source_system"].unique()), 2)
            if any((counts := {name: found.get((left, other), 0) for name, found in pairs.items()}).values())
        ],
    }


_GROUPS = {"true": ["person"], "found": ["customer_id"], "right": ["person", "customer_id"]}


def _pairs(labelled: pd.DataFrame, by: list[str]) -> dict[tuple[str, str], int]:
    """Pairs of records in one group, by their source systems in alphabetical order."""
    sizes = labelled.groupby([*by, "source_system"], as_index=False).size()
    both = sizes.merge(sizes, on=by, suffixes=("_left", "_right"))
    both = both[both["source_system_left"] <= both["source_system_right"]]
    within = both["source_system_left"] == both["source_system_right"]
    both["pairs"] = both["size_left"] * both["size_right"]
    both.loc[within, "pairs"] = both["size_left"] * (both["size_left"] - 1) // 2
    counted = both.groupby(["source_system_left", "source_system_right"])["pairs"].sum()
    return {(str(left), str(right)): int(pairs) for (left, right), pairs in counted.items()}


def _figures(pairs: dict[str, int]) -> dict[str, float | None]:
    right, found, true = pairs["right"], pairs["found"], pairs["true"]
    return {
        "precision": _rounded(right / found) if found else None,
        "recall": _rounded(right / true) if true else None,
        "f1": _rounded(2 * right / (found + true)) if found + true else None,
    }


def _rounded(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)


def _csv(file: Path) -> list[tuple[int, dict[str, str | None]]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = csv.DictReader(text, strict=True)
        _check_columns(file, rows.fieldnames or [])
        return [(rows.line_num, row) for row in rows]


def _parquet(file: Path) -> list[tuple[int, dict[str, str | None]]]:
    with duckdb.connect() as connection:
        table = connection.read_parquet(str(file))
        _check_columns(file, table.columns)
        rows = table.project(", ".join(f"cast({column} as varchar)" for column in COLUMNS)).fetchall()
    return [(number, dict(zip(COLUMNS, row, strict=True))) for number, row in enumerate(rows, 1)]


def _check_columns(file: Path, found: list[str] | Any) -> None:
    missing = [column for column in COLUMNS if column not in found]
    if missing:
        raise _unfit(file, f"column {', '.join(missing)} is missing")


def _checked(file: Path, lines: list[tuple[int, dict[str, str | None]]]) -> pd.DataFrame:
    place = "line" if file.suffix == ".csv" else "row"
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for number, row in lines:
        system, record, person = ((row[column] or "").strip() for column in COLUMNS)
        if not (system and record and person):
            raise _unfit(file, f"{place} {number} lacks one of {', '.join(COLUMNS)}")
        before = first.setdefault((system, record), (number, person))
        if before[1] != person:
            raise _unfit(file, f"{place}s {before[0]} and {number} give one record two persons")
    return pd.DataFrame([(*record, person) for record, (_, person) in first.items()], columns=list(COLUMNS))


def _unfit(file: Path, what: str) -> ConfigurationError:
    return ConfigurationError(
        f"{file}: {what}; mend it (UTF-8, comma-separated, columns {', '.join(COLUMNS)}), or remove it to run without labels"
    )
