"""The purchases at CDNOW, published with the wheel of `lifetimes`, whose code is never run."""

from pathlib import Path

import pytest

from tests.packages import locked, pip

LOCK = Path(__file__).with_name("data.lock")


def wheel(cache: pytest.Cache) -> Path:
    """The locked wheel, downloaded once into pytest's cache; pip checks its hash."""
    folder = cache.mkdir("cdnow")
    found = _local(folder)
    if not found:
        pip("download", *locked(LOCK), "-d", str(folder))
        found = _local(folder)
    return found[0]


def _local(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*.whl") if path.name.lower().startswith("lifetimes-0.11.3-")]
