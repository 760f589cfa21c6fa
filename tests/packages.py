"""Packages that tests need and the locks do not hold, installed or downloaded with pip by hashes of their own."""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path


def pip(*arguments: str) -> None:
    """Run pip for this interpreter; it checks every hash of a lock it is given.

    Raises:
        subprocess.CalledProcessError: pip has said why on stderr.
    """
    subprocess.run([*_pip(), "--disable-pip-version-check", "--quiet", *arguments], check=True)


def _pip() -> list[str]:
    """A virtual environment made by uv has no pip of its own: the machine's, else the one that uv fetches."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    machine = shutil.which("pip3") or shutil.which("pip")
    return [*([machine] if machine else ["uv", "tool", "run", "pip"]), "--python", sys.executable]


def locked(lock: Path) -> list[str]:
    """pip's options for exactly what the lock names."""
    return ["--no-deps", "--require-hashes", "-r", str(lock)]
