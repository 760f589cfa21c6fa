"""Put an export where people look for it: whole or not at all, and never over a file that is already there unasked."""

import errno
import io
import os
import zipfile
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


def content(report: Report, kind: str, languages: Sequence[Language]) -> dict[str, bytes]:
    """The export's files by name: two for CSV, else one."""
    if kind == "csv":
        return {"scorecards.csv": scorecards_csv(report, languages), "methods.csv": methods_csv(report, languages)}
    return {default_path(report, kind).name: document(report) if kind == "json" else workbook(report, languages)}


def packed(report: Report, kind: str, languages: Sequence[Language]) -> bytes:
    """The export as one file, for a browser: CSV's two as a ZIP, the same bytes each time."""
    files = content(report, kind, languages)
    if kind != "csv":
        return next(iter(files.values()))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            entry = zipfile.ZipInfo(name)  # without a date: bytes depend on the figures alone
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, body)
    return written.getvalue()


def write(report: Report, kind: str, out: Path, languages: Sequence[Language], overwrite: bool = False) -> list[Path]:
    """Write the export to the file `out` (CSV: into the folder `out`) and return the files written.

    Raises AlreadyThere naming the file, or OSError where the place can't be written.
    """
    files = content(report, kind, languages)
    contents = {out / name if kind == "csv" else out: body for name, body in files.items()}
    for path in contents:
        if path.is_dir():  # found here, not at the file beside it that nobody asked for
            raise IsADirectoryError(errno.EISDIR, "it is a folder; name a file", str(path))
        if path.exists() and not overwrite:
            raise AlreadyThere(str(path))
    for path, body in contents.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, body)
    return list(contents)


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, then switch: who reads meanwhile sees the old one or the new one."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
