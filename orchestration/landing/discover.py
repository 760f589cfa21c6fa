"""Which files lie in the landing folder, and which of them are not for this run."""

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

UNFINISHED = (".part", ".tmp")


@dataclass(frozen=True)
class Found:
    """A file to look at; `path` is relative to the landing folder, with slashes."""

    dataset: str
    path: str
    file: Path


@dataclass(frozen=True)
class Note:
    """Something about a path or delivery that a person should know, and that stops nothing."""

    dataset: str
    delivery: str
    path: str
    code: str
    detail: str


def discover(landing: Path, datasets: Collection[str]) -> tuple[list[Found], list[Note]]:
    """Every deliverable file below `landing`, sorted by path, and notes on what was passed over.

    Names starting with a dot or ending in .part or .tmp are passed over without a note: they are not finished.
    """
    found: list[Found] = []
    notes: list[Note] = []
    home = landing.resolve()
    for file in _walk(home):
        path = readable(file.relative_to(home).as_posix())
        dataset = path.split("/", 1)[0] if "/" in path else ""
        if dataset not in datasets:
            detail = f"{path}: no dataset of this name; put the file under landing/<dataset>/ ({', '.join(sorted(datasets))})"
            notes.append(Note(dataset, "", path, "unknown_dataset", detail))
        elif not file.resolve().is_relative_to(home):
            notes.append(
                Note(dataset, "", path, "link_outside", f"{path}: the link leaves the landing folder; copy the file")
            )
        elif not file.is_file():
            notes.append(Note(dataset, "", path, "no_file", f"{path}: is no ordinary file"))
        else:
            found.append(Found(dataset, path, file))
    return sorted(found, key=lambda f: f.path), notes


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        linked = [name for name in folders if (Path(parent) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in linked)
        for name in sorted(files) + linked:
            if not name.startswith(".") and not name.lower().endswith(UNFINISHED):
                yield Path(parent) / name


def readable(name: str) -> str:
    """A path as valid Unicode: bytes that are no UTF-8 are shown as the replacement character."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
