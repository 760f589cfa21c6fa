"""Each role at each page by an address that isn't true, and at each download there: in Chromium, signed in.

What a person must get is written here by hand and by nobody else's rules: pages, downloads, units. What arrives is read
off the wire, so that a name which the server sent and the page merely did not draw counts as shown.
"""

import io
import sqlite3
import zipfile
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Download, Page, WebSocket, expect
from pypdf import PdfReader
from sample_company import UNITS
from sample_roles import CLOSED, CLOSED_NAMES
from serving import PATIENCE, Served, drawn, gone

from scorecard_app.pages import PAGES

NAMES = {unit[0]: unit[4:6] for unit in UNITS} | {CLOSED: CLOSED_NAMES}
del NAMES["acme"]  # the company's own name stands on every page


def both(*names: str) -> set[str]:
    """A table's two files."""
    return {f"{name}.{kind}" for name in names for kind in ("csv", "xlsx")}


HANDBOOK = {"handbook-en.html"} | both("kpis")
QUALITY = {"data_docs.zip"} | both("datasets", "refused", "gates")
CARDS = both("actions", "measured", "scorecard", "suggested-targets")
ENGINES = both("engine-experience", "engine-trust")
# Person → their units, and each page that opens with the files it offers, the first page by itself. All else is closed.
PEOPLE: dict[str, tuple[set[str], dict[str, set[str]]]] = {
    "viewer.cs": ({"cs"}, {"scorecard": {"review-cs-month-en.pdf"} | CARDS, "company": set(), "handbook": HANDBOOK}),
    "head.sto": ({"sto", "sto-1", "sto-2", "sto-9"}, {
        "scorecard": {"review-sto-month-en.pdf"} | both("actions", "scorecard", "scores"), "company": both("units", "scores"),
        "diagnose": both("actions", "field-notes"), "journey": set(), "engines": ENGINES, "handbook": HANDBOOK, "quality": QUALITY,
    }),
    "hr": (set(NAMES), {
        "scorecard": {"review-ecm-month-en.pdf"} | CARDS, "company": both("units", "scores"),
        "appraisal": {"scorecards-2025-06.xlsx", "scorecards-2025-06.zip", "scorecards-2025-06.json"},
        "handbook": HANDBOOK, "quality": QUALITY,
    }),
    "care": (set(), {"customer": set(), "handbook": HANDBOOK}),
    "executive": (set(NAMES), {
        "scorecard": {"review-ecm-month-en.pdf"} | CARDS, "company": both("units", "scores"),
        "diagnose": both("actions", "slices", "touchpoints", "field-notes"), "journey": both("journey", "touchpoints"),
        "engines": ENGINES | both("lifetime-calibration"), "economics": both("programme", "cost-model", "campaigns", "pilots"),
        "handbook": HANDBOOK, "quality": QUALITY,
    }),
    "admin": (set(), {"handbook": HANDBOOK, "quality": QUALITY, "sessions": set()}),
}  # fmt: skip

LONG, SCRIPT = "x" * 4_000, "<script>window.hacked=1</script>"
IMAGE = '"><img src=x onerror=window.hacked=1>'
# What stands in addresses that nobody gave out; `ecm` and `sto` are units that some people here may not see.
UNTRUE: tuple[dict[str, str], ...] = (
    {"unit": "ecm", "kpi": "no_such_kpi", "period": "1999-01-01"},
    {"unit": SCRIPT, "kpi": IMAGE, "period": SCRIPT, "slice_dimension": IMAGE, "action": SCRIPT},
    {"unit": "nobody", "kpi": LONG, "period": LONG, "slice_dimension": LONG},
    {"unit": "sto' or '1'='1", "period_kind": "decade", "period": "yesterday", "kpi": "' or 1=1 --"},
    {"unit": "acme", "period": "2025-06-01", "kpi": "csat_t2b", "slice_dimension": "channel", "slice_value": "store"},
)


class Wire:
    """What the server has sent to a page since it was last asked, as bytes."""

    def __init__(self, page: Page) -> None:
        self._frames: list[bytes] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self._frames.append(frame if isinstance(frame, bytes) else frame.encode()))  # fmt: skip

    def taken(self) -> bytes:
        """Everything since the last call."""
        frames, self._frames = b"".join(self._frames), []
        return frames


def foreign(content: bytes, own: set[str]) -> set[str]:
    """Units that are not a person's own and yet are named."""
    return {
        unit for unit, names in NAMES.items() if unit not in own and any(name.encode() in content for name in names)
    }


def words(file: Path) -> bytes:
    """What is readable in a file of any kind that the app hands out."""
    content = file.read_bytes()
    if content[:4] == b"%PDF":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return content


def opened(page: Page, served: Served, name: str, query: dict[str, str]) -> str:
    """Open a page by its address; returns the name of the page that was drawn."""
    page.goto(f"{served.address}/{name}?{urlencode({**query, 'lang': 'en'})}", wait_until="commit")
    drawn(page)
    return page.locator(".lc-foot").get_attribute("data-page") or ""


def downloaded(page: Page, count: int) -> dict[str, Path]:
    """Click every download on the page, those in folded parts too; by the file's name without its period."""
    folded = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    while folded.count():
        folded.first.click()
    expect(page.get_by_test_id("stDownloadButton")).to_have_count(count)
    found: list[Download] = []
    for button in page.get_by_test_id("stDownloadButton").get_by_role("button").all():
        with page.expect_download() as download:
            button.click()
        found.append(download.value)
    return {file.suggested_filename.replace("-2025-06-01", ""): Path(file.path()) for file in found}


@pytest.mark.parametrize("name", PEOPLE)
def test_a_role_gets_its_pages_its_units_and_its_downloads(browser: Browser, behind_sign_in: Served, name: str) -> None:
    own, pages = PEOPLE[name]
    context = browser.new_context(accept_downloads=True, viewport={"width": 1280, "height": 900})
    page = behind_sign_in.enter(context, name)
    wire = Wire(page)
    for number, spec in enumerate(PAGES):
        query = UNTRUE[number % len(UNTRUE)]
        shown = opened(page, behind_sign_in, spec.name, query)
        assert shown == (spec.name if spec.name in pages else next(iter(pages))), query
        assert foreign(wire.taken(), own) == set(), (spec.name, query)
        assert page.evaluate("window.hacked") is None
        if spec.name not in pages:
            expect(page.get_by_text("Page not found")).to_be_visible()
            continue
        files = downloaded(page, len(pages[spec.name]))
        assert set(files) == pages[spec.name]
        for key, file in files.items():
            content = words(file)
            assert content and foreign(content, own) == set(), (spec.name, key)
    context.close()


def test_the_table_knows_every_page() -> None:
    assert {page.name for page in PAGES} == {name for _, pages in PEOPLE.values() for name in pages}


def test_whoever_has_no_role_has_no_page(browser: Browser, behind_sign_in: Served) -> None:
    context = browser.new_context()
    page = behind_sign_in.enter(context, "stranger")
    wire = Wire(page)
    for spec in PAGES:
        page.goto(f"{behind_sign_in.address}/{spec.name}?unit=sto&lang=en", wait_until="commit")
        expect(page.get_by_text("nothing has been opened to you")).to_be_visible(timeout=PATIENCE)
        assert page.locator(".lc-foot").count() == 0 and foreign(wire.taken(), set()) == set(), spec.name
    context.close()


def test_a_closed_unit_keeps_the_numbers_of_its_time(browser: Browser, behind_sign_in: Served) -> None:
    """`sto-2` was e-commerce's until March 2025; a store that closed in January stays with whoever led it."""
    shown = {
        ("head.ecm", "sto-2", "2025-02-01"): True, ("head.ecm", "sto-2", "2025-06-01"): False,
        ("head.sto", CLOSED, "2024-12-01"): True, ("head.sto", CLOSED, "2025-06-01"): False,
    }  # fmt: skip
    for name in ("head.ecm", "head.sto"):
        context = browser.new_context()
        page = behind_sign_in.enter(context, name)
        for (who, unit, period), has_numbers in shown.items():
            if who == name:
                opened(page, behind_sign_in, "scorecard", {"unit": unit, "period_kind": "month", "period": period})
                expect(page.locator("h1")).to_have_text(dict(NAMES)[unit][0])
                assert ("n = " in page.locator("body").inner_text()) == has_numbers, (unit, period)
        context.close()


@pytest.mark.parametrize("column, said", [
    ("last_used_at", "You were signed out after a while without a click"), ("signed_in_at", "Your session has reached its longest duration"),
])  # fmt: skip
def test_time_ends_a_session_on_the_screen(browser: Browser, behind_sign_in: Served, column: str, said: str) -> None:
    context = browser.new_context()
    page = behind_sign_in.enter(context, "viewer.cs")
    with sqlite3.connect(behind_sign_in.root / "app" / "store.sqlite") as store:
        store.execute(f"update sessions set {column} = '2025-01-01 00:00:00.000000'")
    page.get_by_text("Quarter", exact=True).click()
    expect(page.get_by_text(said)).to_be_visible(timeout=PATIENCE)
    gone(page, [name for names in NAMES.values() for name in names])
    context.close()
