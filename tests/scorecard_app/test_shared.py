"""What requests share instead of each making its own: nobody changes it, and the garbage collector leaves it alone."""

import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scorecard_app.gate import Scoped
from scorecard_app.pages import PAGES


def sealed(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType({key: MappingProxyType(dict(row)) for key, row in rows.items()})


def test_no_page_changes_what_all_readers_share(
    beside_root: Path, visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    for shared in ("kpis", "labels", "units"):
        own = getattr(Scoped, shared)
        assert own is not getattr(Scoped.__base__, shared)
        monkeypatch.setattr(Scoped, shared, lambda self, own=own: sealed(own(self)))
    for page in PAGES:
        drawn = visit(beside_root, page.name, lang="en", period_kind="month", period="2025-06-01")
        assert not drawn.exception, (page.name, drawn.exception)


def test_what_lives_as_long_as_the_process_is_set_aside(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    """Streamlit collects all garbage after every run: of what is alive then, most must be out of the collector's sight."""
    visit(sample_root)
    assert gc.get_freeze_count() > 2 * len(gc.get_objects())
