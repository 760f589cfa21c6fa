"""Putting the demo company into a company's folder, and taking out what was put in and what runs made of it alone.

A mark in landing/ names the demo's files, and another in deliveries/ names them where runs keep their copies: whichever
folder is emptied, moved or left out of a backup, what lies in the other is still known to be invented.
"""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Literal

from demo_company.generator import generate

Status = Literal["empty", "demo", "foreign", "mixed"]
MARK = ".demo.json"
MARKED = ("landing", "deliveries")
MADE_BY_RUNS = ("published", "packs", "quality", "metricflow", "warehouse", "state", "deliveries")


class ForeignFiles(Exception):
    """The folder holds files that aren't the demo company's, or that were changed since."""


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _marked(root: Path) -> dict[str, str]:
    """Path relative to the folder → SHA-256, as `write` left them."""
    marked = {}
    for mark in (root / place / MARK for place in MARKED):
        try:
            if mark.exists():
                marked |= {
                    entry["path"]: entry["sha256"] for entry in json.loads(mark.read_text(encoding="utf-8"))["files"]
                }
        except (ValueError, KeyError, TypeError) as problem:
            raise ForeignFiles(
                f"{mark}: not readable as the demo company's mark ({problem}); delete it if you know what lies there"
            ) from problem
    return marked


def invented(folder_root: Path) -> set[str]:
    """SHA-256 of all that the demo company brought to this folder, as long as it was not removed again."""
    return set(_marked(folder_root).values())


def _delivered(root: Path) -> list[str]:
    """Files in landing that a run would take, relative to the folder (names that start with a dot are left alone)."""
    landing = root / "landing"
    found = (path for path in landing.rglob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(path.relative_to(root).as_posix() for path in found)


def _kept(root: Path) -> list[Path]:
    """What runs have taken and keep, whatever becomes of landing: a folder per delivery, named by its SHA-256."""
    return sorted(path.parent for path in (root / "deliveries").glob("*/*/content"))


def _foreign_landed(root: Path) -> list[str]:
    marked = _marked(root)
    return [path for path in _delivered(root) if path not in marked or marked[path] != _sha256(root / path)]


def _foreign_kept(root: Path) -> list[str]:
    """Kept deliveries that aren't the demo company's, and versions that were made of any."""
    ours = invented(root)
    versions = [
        manifest.parent
        for manifest in sorted((root / "published").glob("[!.]*/manifest.json"))
        if manifest.parent.name != "current" and not _only_of(ours, manifest)
    ]
    kept = [path for path in _kept(root) if path.name not in ours]
    return [path.relative_to(root).as_posix() for path in (*kept, *versions)]


def _only_of(ours: set[str], manifest: Path) -> bool:
    """Whether a version is the demo company's or nobody's; one that can't be read might be somebody's."""
    try:
        version = json.loads(manifest.read_text(encoding="utf-8"))
        return version["demo"] or ours.issuperset(delivery["sha256"] for delivery in version["deliveries"])
    except (ValueError, KeyError, TypeError):
        return False


def status(folder_root: Path) -> Status:
    """Whose files lie in landing or were taken from there: nobody's, the demo company's, somebody else's, or both's.

    A file that was changed since is foreign.
    """
    ours = invented(folder_root)
    kept = [path.name in ours for path in _kept(folder_root)]
    delivered, foreign = _delivered(folder_root), _foreign_landed(folder_root)
    demo, other = any(kept) or len(delivered) > len(foreign), bool(foreign) or not all(kept)
    if not demo and not other:
        return "empty"
    return "mixed" if demo and other else "demo" if demo else "foreign"


def write(
    folder_root: Path, customers: int = 20_000, months: int = 18, seed: int = 20260101, end: date | None = None
) -> dict:
    """Generate the demo company into a folder; an earlier demo company there is replaced.

    The files are marked before they are moved into place, so an interrupted write can be repeated or removed.

    Returns:
        What `generate` returns.

    Raises:
        ForeignFiles: the folder holds a company's own files, or runs took in another demo company; nothing was written.
    """
    folder_root = Path(folder_root)
    foreign = [*_foreign_landed(folder_root), *_foreign_kept(folder_root), *_orphaned_state(folder_root)]
    if foreign:
        raise ForeignFiles(
            f"{folder_root} holds files that aren't the demo company's, e.g. {foreign[0]} ({len(foreign)} in all). "
            "The demo company is only written into an empty folder: choose another one in LOYALTY_DATA or by --out."
        )
    part = folder_root / ".demo.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        result = generate(part, customers, months, seed, end)
        _refuse_another(folder_root, {_sha256(path) for path in part.rglob("*") if path.is_file()})
        _withdraw(folder_root)
        if (folder_root / "company.yml").exists():
            (part / "company.yml").unlink()
        files = sorted(path.relative_to(part).as_posix() for path in part.rglob("*") if path.is_file())
        mark = {"files": [{"path": path, "sha256": _sha256(part / path)} for path in files]}
        (folder_root / "landing").mkdir(parents=True, exist_ok=True)
        (folder_root / "deliveries").mkdir(mode=0o700, exist_ok=True)  # as a run makes it: for nobody else
        for place in MARKED:
            (folder_root / place / MARK).write_text(json.dumps(mark, indent=1) + "\n", encoding="utf-8")
        for path in files:
            (folder_root / path).parent.mkdir(parents=True, exist_ok=True)
            (part / path).replace(folder_root / path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return result


def _orphaned_state(root: Path) -> list[str]:
    """Customer ids and decisions of whoever lost all else: removing the demo company would take them for its own."""
    if _marked(root) or any((root / "published").glob("*/manifest.json")):
        return []
    return [path.relative_to(root).as_posix() for path in sorted((root / "state").rglob("*")) if path.is_file()]


def _refuse_another(root: Path, wanted: set[str]) -> None:
    """A run keeps what it was delivered, whatever becomes of landing: two companies in one folder contradict each other."""
    others = [path for path in _kept(root) if path.name not in wanted]
    if others:
        raise ForeignFiles(
            f"{root} has already taken in {len(others)} deliveries that this demo company doesn't hold, but one of another size "
            "or seed. Nothing was written: name another folder in LOYALTY_DATA or by --out, or remove that one with: "
            "loyalty demo --remove"
        )


def _changed(root: Path) -> list[str]:
    return [path for path, sha in _marked(root).items() if (root / path).exists() and _sha256(root / path) != sha]


def remove(folder_root: Path) -> list[str]:
    """Delete the demo company's files and what runs made of them; returns the deleted files.

    The caller keeps runs out. Files in landing that aren't the demo company's stay, and so do settings that were changed
    since: they are the user's now.

    Raises:
        ForeignFiles: a marked file was changed since, or runs took in others, too; they are named, and nothing is deleted.
    """
    folder_root = Path(folder_root)
    changed = [path for path in _changed(folder_root) if path != "company.yml"]
    if changed:
        raise ForeignFiles(
            f"{folder_root}: changed since the demo company was written: {', '.join(changed)}. "
            "Nothing was deleted: move these files away, or delete them yourself, and try again."
        )
    if not _marked(folder_root):
        return []
    others = _foreign_kept(folder_root)
    if others:
        raise ForeignFiles(
            f"{folder_root}: runs took in others' files beside the demo company's, e.g. {others[0]} ({len(others)} in all), and "
            "customer ids were given to both. Nothing was deleted: name a new folder in LOYALTY_DATA and deliver your own files "
            f"there; copies of them are the 'content' below {folder_root / 'deliveries'}."
        )
    for place in MADE_BY_RUNS:
        _empty(folder_root / place)
    deleted = _withdraw(folder_root)
    (folder_root / "deliveries" / MARK).unlink(missing_ok=True)
    return deleted


def _withdraw(root: Path) -> list[str]:
    """Take the demo company out of landing, and with it the folders that this leaves empty; returns the deleted paths."""
    marked = _marked(root)
    deleted = []
    for path, sha in marked.items():
        file = root / path
        if file.exists() and _sha256(file) == sha:
            file.unlink()
            deleted.append(path)
    (root / "landing" / MARK).unlink(missing_ok=True)
    for parent in sorted({(root / path).parent for path in marked} - {root}, reverse=True):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
    return deleted


def _empty(folder: Path) -> None:
    """Delete what lies in a folder, links to it first; names that start with a dot, the lock's and the mark's, stay."""
    for path in sorted(folder.glob("[!.]*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
