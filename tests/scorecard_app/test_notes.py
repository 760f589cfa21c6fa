"""Notes on red KPIs: added, never changed, written by who leads the unit, read where the unit is seen."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from test_pages import seen

from scorecard_app.access.roles import COMPANY, Grant, Role, Viewer
from scorecard_app.store import open_store
from scorecard_app.store.notes import LONGEST, Notes
from scorecard_app.views.parts.red_note import may_write

AT = ("ecm", "month", date(2025, 6, 1))
NOW = datetime(2025, 7, 11, tzinfo=UTC)


def test_notes_are_added_and_the_newest_comes_first(tmp_path: Path) -> None:
    notes = Notes(open_store(tmp_path))
    for said in ("first", " second "):
        notes.write(*AT, "csat_t2b", "v1", "a@x.test", said, NOW)
    notes.write("sto", *AT[1:], "csat_t2b", "v1", "b@x.test", "elsewhere", NOW)
    found = Notes(open_store(tmp_path)).of(*AT)
    assert [(note.text, note.written_by, note.written_at) for note in found["csat_t2b"]] == [
        ("second", "a@x.test", NOW), ("first", "a@x.test", NOW),
    ]  # fmt: skip
    assert list(found) == ["csat_t2b"] and notes.of("ecm", "quarter", AT[2]) == {}


@pytest.mark.parametrize("said", ["", "  \n", "x" * (LONGEST + 1)])
def test_a_note_says_something_and_not_too_much(tmp_path: Path, said: str) -> None:
    notes = Notes(open_store(tmp_path))
    with pytest.raises(ValueError, match="characters"):
        notes.write(*AT, "csat_t2b", "v1", "a@x.test", said, NOW)
    assert notes.of(*AT) == {}


@pytest.mark.parametrize("grants, may", [
    ([(Role.HEAD, "sto")], True), ([(Role.HEAD, "sto-1")], False), ([(Role.VIEWER, "sto")], False), ([(Role.HR, COMPANY)], False),
    ([(Role.EXECUTIVE, COMPANY)], True), ([(Role.HEAD, "ecm"), (Role.VIEWER, "sto")], False), ([(Role.HEAD, "acme")], True), ([], False),
])  # fmt: skip
def test_who_leads_the_unit_writes(grants: list[tuple[Role, str]], may: bool) -> None:
    units = {"acme": None, "sto": "acme", "ecm": "acme", "sto-1": "sto"}
    view: Any = SimpleNamespace(
        viewer=Viewer("x", tuple(Grant(*grant) for grant in grants)),
        unit="sto",
        units={unit: {"parent_org_unit_id": parent} for unit, parent in units.items()},
    )
    assert may_write(view) is may
    past: Any = SimpleNamespace(
        viewer=Viewer("x", (Grant(Role.HEAD, "sto", until=date(2025, 1, 1)),)), unit="sto", units=view.units
    )
    assert may_write(past) is False


def test_a_note_is_written_on_the_page_and_read_there(own_root: Path, visit: Callable[..., AppTest]) -> None:
    page = visit(own_root, unit="mkt", period="2025-03-01", lang="en")
    forms = [area for area in page.text_area if area.key and area.key.startswith("note_text_")]
    assert forms and "A red KPI asks for a note" in seen(page)
    forms[0].set_value("The <b>courier</b> changed; back in July.")
    next(button for button in page.button if button.label == "Keep the note").click().run()
    assert "The <b>courier</b> changed; back in July." in seen(page) and "this machine's user" in seen(page)
    assert "<b>courier" not in " ".join(element.proto.body for element in page.html)
    with open_store(own_root).connect() as store:
        assert store.execute(text("select count(*) from kpi_notes")).scalar_one() == 1
