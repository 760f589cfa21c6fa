"""The served page in a real Chromium: what people see, on loopback only, with nothing asked of anybody else."""

import socket
import sys
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from serving import PATIENCE, drawn, free_port, served

from scorecard_app.views.handbook import embedded

SERVE = "import sys; from pathlib import Path; from scorecard_app.launch import launch; launch(Path(sys.argv[1]), int(sys.argv[2]), True, local=True)"


@pytest.fixture(scope="module")
def address(sample_root: Path) -> Iterator[str]:
    """The app, served for this module in local mode."""
    port = free_port()
    with served([sys.executable, "-c", SERVE, str(sample_root), str(port)], port) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[[str], tuple[Page, list[str]]]]:
    """Open the page with a query, wait until it is drawn; returns it with the addresses it asked for."""
    opened = []

    def run(query: str) -> tuple[Page, list[str]]:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.append(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/?{query}")
        drawn(page)
        page.locator("[data-testid=stVegaLiteChart] :is(canvas, svg)").first.wait_for(timeout=PATIENCE)
        return page, asked

    yield run
    for page in opened:
        page.close()


@pytest.mark.parametrize("lang, name, month, met", [
    ("en", "Store operations", "June 2025", "target met"), ("zh", "门店运营部", "2025年6月", "已达标"),
])  # fmt: skip
def test_the_page_is_readable_and_asks_nobody_else(
    visit: Callable[[str], tuple[Page, list[str]]], address: str, lang: str, name: str, month: str, met: str
) -> None:
    page, asked = visit(f"unit=sto&lang={lang}")
    expect(page.locator("h1")).to_have_text(name)
    expect(page.get_by_text(month).first).to_be_visible()
    expect(page.get_by_text(met).first).to_be_visible()
    figures = page.locator(".lc-figure")
    expect(figures).to_have_count(4)
    assert all(any(digit.isdigit() for digit in text) for text in figures.all_inner_texts())
    expect(page.locator(".lc-score")).to_be_visible()
    # a trend per KPI, and what moved the score
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(5)
    foreign = [url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))]
    assert foreign == []


def pick_a_unit_then_chinese(page: Page) -> None:
    """Two picks, each waited for: on the screen and in the address."""
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Customer service").click()
    arrived(page, "Customer service", "unit=cs")
    page.get_by_role("radio", name="中文").or_(page.get_by_role("button", name="中文")).click()
    arrived(page, "客服部", "unit=cs", "lang=zh")


def arrived(page: Page, title: str, *parts: str) -> None:
    """Wait until a unit's scorecard stands there whole, and the address says so."""
    expect(page.locator("h1")).to_have_text(title)
    page.wait_for_url(lambda url: all(part in url for part in parts))
    drawn(page, "scorecard")


def test_picking_a_unit_and_the_language_keeps_the_address_in_step(
    visit: Callable[[str], tuple[Page, list[str]]],
) -> None:
    page, _ = visit("unit=sto&lang=en")
    pick_a_unit_then_chinese(page)
    page.wait_for_url(lambda url: all(part in url for part in ("unit=cs", "lang=zh", "period=2025-06-01")))
    page.reload()
    drawn(page)
    expect(page.locator("h1")).to_have_text("客服部")


def test_back_and_forward_lead_through_what_was_picked(visit: Callable[[str], tuple[Page, list[str]]]) -> None:
    page, _ = visit("unit=sto&lang=en")
    pick_a_unit_then_chinese(page)
    page.go_back()
    arrived(page, "Customer service", "unit=cs", "lang=en")
    page.go_back()
    arrived(page, "Store operations", "unit=sto", "lang=en")
    page.go_forward()
    arrived(page, "Customer service", "unit=cs", "lang=en")
    page.get_by_role("link", name="Diagnose", exact=True).click()
    page.wait_for_url("**/diagnose?*kpi=*")
    drawn(page, "diagnose")
    page.go_back()
    drawn(page, "scorecard")


def test_a_link_within_the_handbook_leads_to_its_kpi(browser: Browser) -> None:
    links = '<a href="zh.html">中文</a><a href="#fcr">First contact</a>'
    content = embedded(
        f"<html><head></head><body>{links}<p style='height: 3000px'><h3 id=fcr>Resolved</h3></body></html>"
    )
    page = browser.new_page()
    page.set_content(f'<iframe srcdoc="{escape(content)}"></iframe>')
    document = page.frame_locator("iframe")
    document.get_by_role("link", name="First contact").click()
    expect(document.locator("#fcr")).to_be_in_viewport()
    expect(document.get_by_text("中文")).to_be_hidden()
    page.close()


def test_a_link_to_a_department_leads_there(visit: Callable[[str], tuple[Page, list[str]]]) -> None:
    page, _ = visit("lang=en")
    page.get_by_role("link", name="E-commerce").click()
    expect(page.locator("h1")).to_have_text("E-commerce")


def test_only_this_machine_is_answered(address: str) -> None:
    """Whatever other address this machine has, nobody listens there."""
    port = int(address.rsplit(":", 1)[1])
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)} - {"127.0.0.1"}
    listening = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    bound = {
        line.split()[1] for line in listening if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    }
    assert bound == {f"0100007F:{port:04X}"}
    for other in others:
        with socket.socket() as knock:
            knock.settimeout(5)
            assert knock.connect_ex((str(other), port)) != 0


@pytest.mark.parametrize("start, title", [
    ("scorecard?lang=en&unit=sto", "Store operations"), ("diagnose?lang=zh&unit=sto", "原因诊断"),
])  # fmt: skip
def test_a_typed_page_is_never_said_to_be_missing(browser: Browser, address: str, start: str, title: str) -> None:
    """Not even for the moment in which Streamlit hasn't yet been told of the page."""
    page = browser.new_page()
    page.add_init_script(
        "window.missing = false; new MutationObserver(() => { if (/not found/i.test(document.body?.innerText)) "
        "window.missing = true }).observe(document, {childList: true, subtree: true, characterData: true})"
    )
    page.goto(f"{address}/{start}")
    expect(page.locator("h1")).to_have_text(title, timeout=PATIENCE)
    drawn(page)
    assert page.evaluate("window.missing") is False
    page.close()
