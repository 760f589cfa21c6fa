"""axe-core on every page as a reader gets it, both languages, light and dark: nothing serious, and nothing left out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect
from sample_depth import PHONE
from serving import PATIENCE, Served, drawn

from scorecard_app.pages import PAGES
from scorecard_app.texts import TEXTS

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .filter(rule => ["serious", "critical"].includes(rule.impact))
  .map(rule => [rule.id, rule.nodes.map(node => `${node.target} ${node.failureSummary}`)])"""


def violations(page: Page) -> list[Any]:
    """What axe-core finds serious or critical, in the page and in documents within it."""
    for frame in page.frames:
        frame.evaluate(AXE)
    return page.evaluate(RUN)


@pytest.fixture
def door(request: pytest.FixtureRequest, browser: Browser, behind_sign_in: Served) -> Iterator[Page]:
    """The app before anybody has signed in, in a browser that prefers one look and has one width."""
    look, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=look)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{behind_sign_in.address}/?lang=en")
    page.get_by_role("button", name="Sign in").wait_for()
    yield page
    context.close()


@pytest.mark.parametrize("door", [("light", 1280), ("dark", 1280)], indirect=True, ids=["light", "dark"])
def test_no_page_has_a_serious_violation(door: Page) -> None:
    page = door
    assert violations(page) == []
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="everything", exact=True).click()
    drawn(page, PAGES[0].name)
    menu = page.get_by_test_id("stSidebarNav")
    for place, lang in enumerate(("en", "zh")):
        if place:
            page.get_by_role("button", name="中文").or_(page.get_by_role("radio", name="中文")).first.click()
            page.locator("html[lang=zh-CN]").wait_for(state="attached")
        for spec in PAGES:
            menu.get_by_role("link", name=TEXTS[spec.title][place]).click()
            drawn(page, spec.name)
            if spec.name == "customer":
                page.get_by_role("textbox").fill(PHONE)
                page.get_by_role("textbox").press("Enter")
                page.get_by_role("tab").first.wait_for()
                drawn(page, spec.name)
            expect(page).to_have_title(re.compile(f"^{re.escape(TEXTS[spec.title][place])}"))
            assert violations(page) == [], (spec.name, lang)
