"""Means to read what was exported and what was published, each without the product's code."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook

HEAD = 4


@pytest.fixture
def hostile(own_root: Path) -> Callable[..., Path]:
    """Change published tables by SQL, keep the version whole, and return the company's folder."""

    def change(table: str, *statements: str) -> Path:
        folder = (own_root / "published" / "current").resolve()
        path = folder / f"{table}.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"create table {table} as from '{path}'")
            for statement in statements:
                connection.execute(statement)
            path.unlink()
            connection.execute(f"copy {table} to '{path}' (format parquet)")
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["tables"][table]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        (folder / "manifest.json").write_text(json.dumps(manifest))
        return own_root

    return change


def cells(folder: Path, kind: str, start: object) -> dict[tuple[str, str], dict[str, Any]]:
    """Published scorecards of a period by (unit, KPI), with the unit's score as `score` and `scored_weight`."""
    query = """
        select s.*, d.score, d.scored_weight, d.rag as score_rag, d.reason as score_reason
        from read_parquet($s) as s inner join read_parquet($d) as d using (org_unit_id, period_kind, period_start)
        where period_kind = $kind and period_start = $start"""
    with duckdb.connect() as connection:
        found = connection.execute(query, {
            "s": str(folder / "scorecards.parquet"), "d": str(folder / "department_scores.parquet"), "kind": kind, "start": start,
        })  # fmt: skip
        names = [column[0] for column in found.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(row["org_unit_id"], row["kpi_id"]): row for row in rows}


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Rows of an exported CSV; the byte-order mark must be there."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> Workbook:
    """The workbook as it was written; formulas would come as their text with data type `f`."""
    return openpyxl.load_workbook(io.BytesIO(content))


def table(book: Workbook, place: int) -> list[dict[str, Any]]:
    """A sheet's rows below its column titles, by the first line of each title."""
    rows = list(book.worksheets[place].iter_rows(min_row=HEAD, values_only=True))
    titles = [str(title).split("\n")[0] for title in rows[0]]
    return [dict(zip(titles, row, strict=True)) for row in rows[1:]]
