"""What stops a run from outside: a full disk, or a folder that may not be written. The stacks of libraries hide which."""

import errno
import shutil
import sqlite3
from pathlib import Path

from orchestration.errors import LoyaltyError, causes
from orchestration.folders import DataFolder

FULL = {errno.ENOSPC, errno.EDQUOT}
CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


class Unwritable(LoyaltyError):
    """The company's folder takes nothing more."""


def unwritable(problem: BaseException, folder: DataFolder) -> Unwritable | None:
    """What to say where a full disk or a closed folder caused the error; none where something else did, or the error says it by itself."""
    if isinstance(problem, LoyaltyError):
        return None  # plain already
    for cause in causes(problem):
        full = closed = False
        place = folder.root
        if isinstance(cause, OSError):
            full, closed = cause.errno in FULL, cause.errno in CLOSED
            place = Path(str(cause.filename)) if cause.filename else place
        elif isinstance(cause, sqlite3.OperationalError):
            full = "disk is full" in str(cause)
            closed = "readonly database" in str(cause) or "unable to open database file" in str(cause)
            place = folder.dagster_home
        if full or closed:
            free_mb = shutil.disk_usage(folder.root).free // 1_000_000
            remedy = (
                "the disk is full; free some, or lower keep_versions in company.yml"
                if full
                else "this user may not, or the disk is mounted read-only; let it be written"
            )
            return Unwritable(
                f"{place} can't be written ({free_mb} MB free in {folder.root}): {remedy}, then: loyalty run"
            )
    return None
