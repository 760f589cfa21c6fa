"""The main ways through the app with Tab, Enter, Space and arrows alone; no mouse is ever moved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sample_company import UNITS
from serving import Served, drawn

NAMES = {unit[0]: unit[4] for unit in UNITS}
STEPS = 120  # more than there are stops on any page
SAID = """() => { const at = document.activeElement;
  return `${at.tagName} ${at.getAttribute("role") ?? ""} ${at.getAttribute("aria-label") ?? ""} ${at.innerText ?? ""}`.replaceAll("\\n", " "); }"""


@pytest.fixture
def page(browser: Browser, behind_sign_in: Served) -> Iterator[Page]:
    """A head's first page."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = behind_sign_in.enter(context, "head.sto")
    drawn(page, "scorecard")
    yield page
    context.close()


def reach(page: Page, *said: str) -> None:
    """Press Tab until what has the focus says all of this to a screen reader."""
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        if all(word in page.evaluate(SAID) for word in said):
            return
    raise AssertionError(f"{said} can't be reached with Tab")


def test_pages_filters_charts_tables_and_files_are_in_reach(page: Page) -> None:
    expect(page.locator("h1")).to_have_text(NAMES["sto"])
    reach(page, "A ", "Company")
    page.keyboard.press("Enter")
    drawn(page, "company")
    reach(page, "combobox", "Unit")
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name=NAMES["sto-1"]).wait_for()
    page.keyboard.type("Store 2")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(NAMES["sto-2"])
    drawn(page, "company")
    reach(page, "Month")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Q2 2025").first).to_be_visible()
    drawn(page, "company")
    reach(page, "SUMMARY", "The numbers as a table")
    page.keyboard.press("Enter")
    expect(page.locator("details.lc-numbers[open] table").first).to_be_visible()
    page.keyboard.press("Home")
    reach(page, "A ", "KPI handbook")
    page.keyboard.press("Enter")
    drawn(page, "handbook")
    reach(page, "DIV group", "The catalogue")
    reach(page, "BUTTON", "CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert Path(download.value.path()).stat().st_size > 100
