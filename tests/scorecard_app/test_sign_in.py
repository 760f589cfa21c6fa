"""Each role at each page with each address: what is not theirs is not on the page. Without a browser; see test_browser_sign_in."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from people import EMAILS, RULES, claims, write_rules
from sample_company import UNITS
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from test_scorecard_page import markup, words

import scorecard_app
from scorecard_app.access.rules import Rules
from scorecard_app.access.sessions import session_id
from scorecard_app.access.sign_in import CONFIGURED, registry
from scorecard_app.pages import PAGES, Page
from scorecard_app.published import resolve

NAMES = {unit[0]: (unit[4].replace("<", "&lt;").replace(">", "&gt;").replace("&", "&amp;"), unit[5]) for unit in UNITS}
OWN = {
    "head.sto": {"sto", "sto-1", "sto-2"}, "head.ecm": {"ecm", "sto-2"}, "viewer.cs": {"cs"}, "care": set(), "admin": set(),
    "hr": set(NAMES), "executive": set(NAMES),
}  # fmt: skip
GRANTS = Rules.model_validate(yaml.safe_load(RULES))
Enter = Callable[..., AppTest]


@pytest.fixture
def company(sample_root: Path, own_root: Path) -> Path:
    write_rules(own_root)
    return own_root


@pytest.fixture
def enter(company: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enter]:
    """Open a page as somebody who has just signed in; the same `nonce` is the same session."""
    monkeypatch.setenv("LOYALTY_DATA", str(company))
    monkeypatch.setenv(CONFIGURED, "1")

    def run(
        name: str | None, page_name: str = "", nonce: str = "n1", issued: float | None = None, **query: str
    ) -> AppTest:
        page = AppTest.from_file(str(Path(scorecard_app.__file__).with_name("app.py")), default_timeout=60)
        page.user = claims(name, issued=issued or time.time(), nonce=nonce) if name else {"is_logged_in": False}
        page._page_hash = calc_hash(page_name) if page_name else ""
        for key, value in query.items():
            page.query_params[key] = value
        return page.run()

    yield run
    registry.clear()


@pytest.mark.parametrize("name", ["head.sto", "head.ecm", "viewer.cs", "care", "admin"])
def test_every_page_shows_a_role_only_what_is_theirs(enter: Enter, name: str) -> None:
    foreign = [word for unit, names in NAMES.items() if unit not in OWN[name] for word in names]
    for number, spec in enumerate(spec for spec in PAGES if may(name, spec)):
        unit = ("acme", "sto", "ecm", "cs")[number % 4]
        page = enter(name, spec.name, unit=unit, period_kind="month", period="2025-06-01", lang="en")
        assert not page.exception, (spec.name, page.exception)
        seen = markup(page) + " ".join(str(box.options) for box in page.selectbox)
        # a KPI may be measured at the company: its name stands on the card, which is all there is of it
        found = {word for word in foreign if word in seen} - set(NAMES["acme"])
        assert not found, (spec.name, unit)


@pytest.mark.parametrize("name", OWN)
def test_a_page_that_a_role_may_not_open_is_not_drawn(enter: Enter, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from scorecard_app import pages

    drawn: list[str] = []
    monkeypatch.setattr(pages.Page, "draw", lambda page: lambda view: drawn.append(page.name))
    closed = [spec for spec in PAGES if not may(name, spec)]
    for page in closed:
        enter(name, page.name)
        assert page.name not in drawn and len(drawn) == 1, (page.name, drawn)
        drawn.clear()
    assert closed or name == "executive"


def may(name: str, spec: Page) -> bool:
    """Whether a person may open a page, by the rules' text."""
    roles = {grant.role for grant in GRANTS.grants(EMAILS[name])}
    return bool(spec.roles & roles) and (not spec.needs_company or name == "executive")


@pytest.mark.parametrize("name, nonce, issued, expected", [
    (None, "n", None, "These scorecards are for people who sign in"), ("stranger", "n", None, "nothing has been opened to you"),
    ("head.sto", "n", 1.0, "This sign-in is too old"),
])  # fmt: skip
def test_the_door_stays_shut_and_says_why(
    enter: Enter, name: str | None, nonce: str, issued: float | None, expected: str
) -> None:
    for page_name in ("", "scorecard", "customer", "sessions"):
        page = enter(name, page_name, nonce=nonce, issued=issued, unit="sto", lang="en")
        assert expected in words(page) and not page.selectbox
        assert not [name for names in NAMES.values() for name in names if name in markup(page)]


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(enter: Enter, company: Path) -> None:
    issued = time.time()
    page = enter("head.sto", issued=issued, lang="en")
    assert "Store operations" in words(page)
    next(button for button in page.button if button.label == "Sign out").click().run()
    copy = enter("head.sto", issued=issued, lang="en")
    assert "You have signed out" in words(copy) and "Store operations" not in words(copy)


def test_an_administrator_ends_a_session_that_is_open_elsewhere(enter: Enter) -> None:
    issued = time.time()
    page = enter("head.sto", issued=issued, lang="en")
    admin = enter("admin", "sessions", lang="en")
    assert EMAILS["head.sto"] in words(admin)
    next(button for button in admin.button if button.label == "End session").click().run()
    assert EMAILS["head.sto"] not in words(admin)
    page.run()
    assert "An administrator has ended your session" in words(page) and "Store operations" not in words(page)


def test_a_change_of_the_rules_counts_from_the_next_click(enter: Enter, company: Path) -> None:
    page = enter("head.sto", lang="en")
    write_rules(company, "people:\n  - email: head.sto@example.com\n    roles: [{role: head, unit: cs}]\n")
    page.run()
    assert "Customer service" in words(page) and "Store operations" not in words(page)
    write_rules(company, "people:\n  - email: head.sto@example.com\n    rols: []\n")
    page.run()
    assert "the list of who may see what has an error" in words(page) and not page.selectbox


def test_a_version_half_gone_names_its_file_to_administrators_alone(enter: Enter, company: Path) -> None:
    file = resolve(company) / "kpi_values.parquet"
    file.unlink()
    for name, path in (("head.sto", ""), ("admin", str(file))):
        seen = words(enter(name, lang="en"))
        assert "The published numbers are not whole" in seen and (str(file) in seen) == bool(path) and "%" not in seen


def test_the_page_says_who_is_signed_in(enter: Enter) -> None:
    page = enter("head.sto", lang="en")
    assert f"Signed in as {EMAILS['head.sto']}" in words(page) and "Local mode" not in words(page)


def test_local_mode_needs_the_loopback_address(visit: Enter, sample_root: Path) -> None:
    from streamlit import config

    assert "Local mode" in words(visit(sample_root, lang="en"))
    config.set_option("server.address", "0.0.0.0")  # what must not work
    page = visit(sample_root, lang="en")
    assert "started without sign-in" in words(page) and not page.selectbox


def test_a_session_is_known_by_what_only_its_token_says() -> None:
    base = claims("head.sto", issued=1.0)
    others = [
        base | change
        for change in ({"nonce": "n2"}, {"iat": 2}, {"sub": "x"}, {"iss": "x"}, {"email": "x@example.com"})
    ]
    assert [session_id(other) == session_id(base) for other in others] == [False, False, False, False, True]
