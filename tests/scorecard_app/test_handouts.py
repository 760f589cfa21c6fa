"""A file leaves the server for the browser that it was made for, while the session that asked holds."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from scorecard_app.access.handouts import BROWSER, HandoutGate, Handouts

FILE, FONT, LONG = "/media/0a1b.csv", "/static/media/icons.woff2", "/media/long.html"
LONG_TEXT = "loyal " * 10_000


def client(handouts: Handouts, below: str = "") -> TestClient:
    """A server that would give everything to anybody, behind the gate."""
    said = {below + path: text for path, text in ((FILE, "a,b"), (FONT, "font"), (LONG, LONG_TEXT), ("/", "page"))}
    routes = [Route(path, lambda request: PlainTextResponse(said[request.url.path])) for path in said]
    return TestClient(
        Starlette(routes=routes, middleware=[Middleware(HandoutGate, handouts=handouts), Middleware(GZipMiddleware)])
    )


def test_each_browser_gets_a_mark_once() -> None:
    browser = client(Handouts())
    first = browser.get("/")
    mark = first.cookies[BROWSER]
    assert len(mark) >= 40
    assert "httponly" in first.headers["set-cookie"].lower()
    assert "set-cookie" not in browser.get("/").headers
    assert client(Handouts()).get("/").cookies[BROWSER] != mark


def test_only_what_was_given_to_this_browser_and_as_long_as_it_holds() -> None:
    handouts, holding = Handouts(), [True]
    mine, yours = client(handouts), client(handouts)
    marks = [each.get("/").cookies[BROWSER] for each in (mine, yours)]
    assert mine.get(FILE).status_code == 403, "nothing was given yet"
    handouts.give(b"a,b", marks[0], lambda: holding[0])
    handouts.give(b"another file", marks[1], lambda: True)
    assert (mine.get(FILE).status_code, mine.get(FILE).text) == (200, "a,b")
    assert yours.get(FILE).status_code == 403
    assert client(handouts).get(FILE).status_code == 403, "a browser without a mark"
    holding[0] = False
    assert mine.get(FILE).status_code == 403


def test_a_file_that_the_server_would_compress() -> None:
    handouts = Handouts()
    browser = client(handouts)
    handouts.give(LONG_TEXT.encode(), browser.get("/").cookies[BROWSER], lambda: True)
    assert browser.get(LONG, headers={"accept-encoding": "gzip"}).text == LONG_TEXT


def test_what_the_app_is_made_of_is_everybodys() -> None:
    assert (client(Handouts()).get(FONT).status_code, client(Handouts()).get(FONT).text) == (200, "font")


def test_below_a_base_path_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scorecard_app.access.handouts.get_option", lambda name: "/media/")  # as odd as may be
    browser = client(Handouts(), below="/media")
    assert [browser.get(f"/media{path}").status_code for path in (FILE, FONT)] == [403, 200]


def test_a_file_given_to_no_browser_is_nobodys_and_the_oldest_are_forgotten() -> None:
    handouts = Handouts(kept=2)
    handouts.give(b"a", "", lambda: True)
    assert not handouts.may(b"a", "")
    for content in (b"1", b"2", b"3"):
        handouts.give(content, "me", lambda: True)
    assert [handouts.may(content, "me") for content in (b"1", b"2", b"3")] == [False, True, True]
