"""Small file operations that survive a power cut: nothing counts as written before it is on the disk."""

import hashlib
import os
import shutil
import uuid
from pathlib import Path

TEMPORARY = ".tmp-"


def temporary_name(folder: Path) -> Path:
    """A fresh path below `folder` that the next sweep removes if nobody finishes it."""
    return folder / f"{TEMPORARY}{uuid.uuid4().hex}"


def fsync(path: Path) -> None:
    """Force a file, or a folder's list of names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def fsync_tree(folder: Path) -> None:
    """Force everything below `folder` to the disk, contents before the folders that name them."""
    for path, _, files in os.walk(folder, topdown=False):
        for name in files:
            fsync(Path(path) / name)
        fsync(Path(path))


def sha256_of(path: Path) -> str:
    """SHA-256 (hex) of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def move(source: Path, target: Path) -> None:
    """Rename within one file system, durably; `target` must not exist or be a file or link."""
    source.replace(target)
    fsync(target.parent)


def switch_link(link: Path, target: str) -> None:
    """Point a symlink at `target` in one step: a reader sees the old or the new, never neither."""
    fresh = temporary_name(link.parent)
    fresh.symlink_to(target)
    move(fresh, link)


def remove(folder: Path, shelf: Path) -> None:
    """Remove a folder so that a crash half-way leaves a temporary name on `shelf`, never half a folder under its own."""
    doomed = temporary_name(shelf)
    folder.rename(doomed)
    shutil.rmtree(doomed)


def sweep(shelf: Path) -> list[str]:
    """Remove what earlier, interrupted work left on `shelf`; returns the names."""
    left_over = sorted(path for path in shelf.glob(f"{TEMPORARY}*"))
    for path in left_over:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return [path.name for path in left_over]
