"""Putting the demo company into a company's folder, and taking out exactly what was put in."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Literal

from demo_company.generator import generate

Status = Literal["empty", "demo", "foreign", "mixed"]
MARK = ".demo.json"


class ForeignFiles(Exception):
    """The folder holds files that aren't the demo company's, or that were changed since."""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _marked(root: Path) -> dict[str, str]:
    """Path relative to the folder → SHA-256, as `write` left them."""
    mark = root / "landing" / MARK
    if not mark.exists():
        return {}
    try:
        return {entry["path"]: entry["sha256"] for entry in json.loads(mark.read_text(encoding="utf-8"))["files"]}
    except (ValueError, KeyError, TypeError) as problem:
        raise ForeignFiles(
            f"{mark}: not readable as the demo company's mark ({problem}); delete it if you know what lies there"
        ) from problem


def _delivered(root: Path) -> list[str]:
    """Files in landing that a run would take, relative to the folder (names that start with a dot are left alone)."""
    landing = root / "landing"
    found = (path for path in landing.rglob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(path.relative_to(root).as_posix() for path in found)


def status(folder_root: Path) -> Status:
    """Whose files lie in landing: nobody's, the demo company's, somebody else's, or both's (a changed file is foreign)."""
    marked = _marked(folder_root)
    ours = [
        marked.get(path) == _sha256(folder_root / path) if path in marked else False for path in _delivered(folder_root)
    ]
    if not ours:
        return "empty"
    return "demo" if all(ours) else "mixed" if any(ours) else "foreign"


def write(
    folder_root: Path, customers: int = 20_000, months: int = 18, seed: int = 20260101, end: date | None = None
) -> dict:
    """Generate the demo company into a folder; an earlier demo company there is replaced.

    The files are marked before they are moved into place, so an interrupted write can be repeated or removed.

    Returns:
        What `generate` returns.

    Raises:
        ForeignFiles: landing holds other files, or a run took in others than these; nothing was written.
    """
    folder_root = Path(folder_root)
    if status(folder_root) in ("foreign", "mixed"):
        foreign = [path for path in _delivered(folder_root) if path not in _marked(folder_root)] or _changed(
            folder_root
        )
        raise ForeignFiles(
            f"{folder_root / 'landing'} holds files that aren't the demo company's, e.g. {foreign[0]} ({len(foreign)} in all). "
            "The demo company is only written into an empty landing folder: choose another folder."
        )
    part = folder_root / ".demo.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        result = generate(part, customers, months, seed, end)
        _refuse_another(folder_root, {_sha256(path) for path in part.rglob("*") if path.is_file()})
        remove(folder_root)
        if (folder_root / "company.yml").exists():
            (part / "company.yml").unlink()
        files = sorted(path.relative_to(part).as_posix() for path in part.rglob("*") if path.is_file())
        landing = folder_root / "landing"
        landing.mkdir(parents=True, exist_ok=True)
        mark = {"files": [{"path": path, "sha256": _sha256(part / path)} for path in files]}
        (landing / MARK).write_text(json.dumps(mark, indent=1) + "\n", encoding="utf-8")
        for path in files:
            (folder_root / path).parent.mkdir(parents=True, exist_ok=True)
            (part / path).replace(folder_root / path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return result


def _refuse_another(root: Path, wanted: set[str]) -> None:
    """A run keeps what it was delivered, whatever becomes of landing: two companies in one folder contradict each other."""
    taken = [path.parent.name for path in (root / "deliveries").glob("*/*/content")]
    others = [sha for sha in taken if sha not in wanted]
    if others:
        raise ForeignFiles(
            f"{root} has already taken in {len(others)} deliveries that this demo company doesn't hold: one of another size or seed, or "
            "a company's own. Nothing was written: name another folder in LOYALTY_DATA or by --out; or, where all of it may go, "
            f"run 'loyalty demo --remove' and delete {root / 'deliveries'}, {root / 'state'} and {root / 'warehouse'}."
        )


def _changed(root: Path) -> list[str]:
    return [path for path, sha in _marked(root).items() if (root / path).exists() and _sha256(root / path) != sha]


def remove(folder_root: Path) -> list[str]:
    """Delete the demo company's files and the folders this leaves empty; returns the deleted paths.

    Settings that were changed since are the user's now and stay.

    Raises:
        ForeignFiles: a marked file was changed since; it is named, and nothing is deleted.
    """
    folder_root = Path(folder_root)
    marked = _marked(folder_root)
    changed = [path for path in _changed(folder_root) if path != "company.yml"]
    if changed:
        raise ForeignFiles(
            f"{folder_root}: changed since the demo company was written: {', '.join(changed)}. "
            "Nothing was deleted: move these files away, or delete them yourself, and try again."
        )
    deleted = []
    for path, sha in marked.items():
        file = folder_root / path
        if file.exists() and _sha256(file) == sha:
            file.unlink()
            deleted.append(path)
    (folder_root / "landing" / MARK).unlink(missing_ok=True)
    for parent in sorted({(folder_root / path).parent for path in marked} - {folder_root}, reverse=True):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
    return deleted
