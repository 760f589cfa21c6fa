"""Put an export where people look for it: whole or not at all, and never over a file that is already there unasked."""

import os
from collections.abc import Sequence
from pathlib import Path

from scorecard_app.exports.document import document
from scorecard_app.exports.flat import methods_csv, scorecards_csv
from scorecard_app.exports.report import Report
from scorecard_app.exports.workbook import workbook
from scorecard_app.format import Language

FORMATS = ("xlsx", "csv", "json")


class AlreadyThere(Exception):
    """A file of that name exists, perhaps with somebody's notes in it."""


def default_path(report: Report, kind: str) -> Path:
    """scorecards-2026-Q1.xlsx or .json; for CSV, which takes two files, the folder scorecards-2026-Q1."""
    stem = f"scorecards-{report.period.code}"
    return Path(stem if kind == "csv" else f"{stem}.{kind}")


def write(report: Report, kind: str, out: Path, languages: Sequence[Language], overwrite: bool = False) -> list[Path]:
    """Write the export to the file `out` (CSV: into the folder `out`) and return the files written.

    Raises AlreadyThere naming the file, or OSError where the place can't be written.
    """
    if kind == "csv":
        contents = {
            out / "scorecards.csv": scorecards_csv(report, languages),
            out / "methods.csv": methods_csv(report, languages),
        }
    else:
        contents = {out: document(report) if kind == "json" else workbook(report, languages)}
    for path in contents:
        if path.exists() and not overwrite:
            raise AlreadyThere(str(path))
    for path, content in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, content)
    return list(contents)


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, then switch: who reads meanwhile sees the old one or the new one."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
