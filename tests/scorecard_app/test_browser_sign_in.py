"""Signing in, reading, taking away and leaving in a real Chromium, at a real OpenID Connect provider on loopback."""

import csv
import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from people import EMAILS
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sample_company import UNITS
from serving import PATIENCE, Served, drawn, gone

from scorecard_app.pages import PAGES

NAMES = {unit[0]: unit[4] for unit in UNITS}
Enter = Callable[..., Page]


@pytest.fixture
def address(behind_sign_in: Served) -> str:
    return behind_sign_in.address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture
def enter(context: BrowserContext, behind_sign_in: Served) -> Enter:
    """Sign in as somebody, starting from an address."""
    return partial(behind_sign_in.enter, context)


def test_a_head_reads_their_own_units_whatever_the_address_says(enter: Enter, address: str) -> None:
    page = enter("head.sto", "scorecard?unit=sto-1&period_kind=quarter&period=2025-01-01&lang=en")
    expect(page.locator("h1")).to_have_text(NAMES["sto-1"])  # the link's view, after the detour to the provider
    expect(page.get_by_text("Q1 2025").first).to_be_visible()
    for start in ("?unit=ecm&lang=en", "company?unit=acme&lang=en", "diagnose?unit=cs&period=2025-06-01&lang=en"):
        page.goto(f"{address}/{start}")
        drawn(page)
        shown = page.locator("body").inner_text()
        assert NAMES["sto"] in shown
        assert not [NAMES[unit] for unit in ("ecm", "cs", "mkt", "loy") if NAMES[unit] in shown], start
    page.goto(f"{address}/customer?lang=en")
    drawn(page)
    assert page.get_by_role("textbox", name="Search").count() == 0


def test_what_a_head_takes_away_is_their_own(enter: Enter) -> None:
    page = enter("head.sto")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert len(cells) > 4 and not cells & {NAMES[unit] for unit in ("ecm", "cs", "mkt", "loy", "acme")}


def test_a_files_address_is_worth_nothing_elsewhere_or_later(
    enter: Enter, browser: Browser, behind_sign_in: Served
) -> None:
    page = enter("head.sto")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    address, content = download.value.url, Path(download.value.path()).read_bytes()
    assert "/media/" in address
    mine = page.context.request
    assert mine.get(address).body() == content
    assert mine.get(address, headers={"Range": "bytes=0-9"}).body() == content
    with browser.new_context() as nobody, browser.new_context() as colleague:
        behind_sign_in.enter(colleague, "head.ecm")
        for other in (nobody, colleague):
            refused = other.request.get(address)
            assert (refused.status, refused.text()) == (403, "not yours, or no longer")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/end_session**", wait_until="commit")
    assert mine.get(address).status in (403, 404)


@pytest.mark.parametrize("name, shown", [
    ("admin", {"sessions", "quality"}), ("viewer.cs", {"scorecard", "company"}),
])  # fmt: skip
def test_the_sidebar_lists_what_a_role_may_open(enter: Enter, name: str, shown: set[str]) -> None:
    page = enter(name)
    links = page.locator("[data-testid=stSidebarNavLink]")
    titles = {text.splitlines()[-1] for text in links.all_inner_texts()}
    from scorecard_app.texts import TEXTS

    roles = {"admin": "admin", "viewer.cs": "viewer"}[name]
    assert titles == {TEXTS[spec.title][0] for spec in PAGES if roles in spec.roles}
    assert {TEXTS[f"page_{one}"][0] for one in shown} <= titles


@pytest.mark.parametrize("name, why", [("stranger", "nothing has been opened to you")])
def test_a_stranger_is_told_and_shown_nothing(enter: Enter, name: str, why: str) -> None:
    page = enter(name)
    expect(page.get_by_text(why)).to_be_visible()
    assert page.locator("[data-testid=stSidebarNavLink]").count() == 0


def test_a_copied_cookie_is_worth_nothing_after_sign_out(
    enter: Enter, context: BrowserContext, browser: Browser, address: str
) -> None:
    page = enter("head.ecm")
    expect(page.locator("h1")).to_have_text(NAMES["ecm"])
    stolen = context.cookies()
    assert any(cookie["name"] == "_streamlit_user" and cookie["httpOnly"] for cookie in stolen)
    thief = browser.new_context()
    thief.set_default_timeout(PATIENCE)
    thief.add_cookies(cast(Any, stolen))
    copy = thief.new_page()
    copy.goto(f"{address}/?lang=en")
    expect(copy.locator("h1")).to_have_text(NAMES["ecm"], timeout=PATIENCE)  # as long as the session holds
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/end_session**", wait_until="commit")  # the provider is told, too
    copy.get_by_text("Quarter", exact=True).click()  # the next click, in the tab that is still open
    expect(copy.get_by_text("You have signed out")).to_be_visible(timeout=PATIENCE)
    gone(copy, [NAMES["ecm"]])
    copy.goto(f"{address}/?unit=ecm&lang=en")
    expect(copy.get_by_text("You have signed out")).to_be_visible(timeout=PATIENCE)
    thief.close()


def test_an_administrator_shows_somebody_the_door(enter: Enter, browser: Browser, behind_sign_in: Served) -> None:
    head = enter("head.sto")
    expect(head.locator("h1")).to_have_text(NAMES["sto"])
    other = browser.new_context()
    admin = behind_sign_in.enter(other, "admin")
    admin.get_by_role("link", name="Sessions").click()
    theirs = admin.locator("[class*=st-key-person_]").filter(has_text=EMAILS["head.sto"])
    theirs.first.wait_for()
    for _ in range(10):
        if not theirs.count():
            break
        theirs.get_by_role("button", name="End session").first.click()
        admin.wait_for_timeout(1_500)
    expect(theirs).to_have_count(0)
    head.get_by_text("Quarter", exact=True).click()
    expect(head.get_by_text("An administrator has ended your session")).to_be_visible(timeout=PATIENCE)
    gone(head, [NAMES["sto"]])
    other.close()
