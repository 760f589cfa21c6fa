"""Published sample companies, and the pages run against them: without a browser, or served behind a real sign-in."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sample_beside import fill_beside
from sample_company import publish_sample
from sample_roles import publish_for_roles
from serving import PATIENCE, Served, signed_in_app
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

import scorecard_app
from scorecard_app.access import local

APP = Path(scorecard_app.__file__).with_name("app.py")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, started once."""
    chromium = shutil.which("chromium")
    assert chromium, "no chromium here; install it with: apt-get install -y chromium fonts-noto-cjk"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"]
        )
        yield started
        started.close()


@pytest.fixture(scope="session")
def sample_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo-marked sample company; tests must not change it."""
    root = tmp_path_factory.mktemp("sample")
    publish_sample(root)
    return root


@pytest.fixture(scope="session")
def behind_sign_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The app as a service would start it, with something on every page, and a real OpenID Connect provider; once a run."""
    with signed_in_app(publish_for_roles(tmp_path_factory.mktemp("signed"))) as app:
        yield app


@pytest.fixture
def own_root(sample_root: Path, tmp_path: Path) -> Path:
    """A copy of the sample company of the test's own, to damage and publish again."""
    return shutil.copytree(sample_root, tmp_path / "company", symlinks=True)


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., AppTest]]:
    """Open a page in local mode for a data folder with an address's query; returns it after the first run."""
    before = config.get_option("server.address")
    monkeypatch.setenv(local.ASKED_FOR, "1")
    monkeypatch.setattr(local, "asking", lambda: ({"Host": "localhost:8501"}, None))

    def run(root: Path, page_name: str = "", **query: str) -> AppTest:
        monkeypatch.setenv("LOYALTY_DATA", str(root))
        page = AppTest.from_file(str(APP), default_timeout=60)
        page._page_hash = calc_hash(page_name) if page_name else ""
        for name, value in query.items():
            page.query_params[name] = value
        return page.run()

    config.set_option("server.address", "127.0.0.1")
    yield run
    config.set_option("server.address", before)


@pytest.fixture(scope="session")
def beside_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample company with everything that stands behind and beside its values; tests must not change it."""
    root = tmp_path_factory.mktemp("beside")
    publish_sample(root, more=fill_beside)
    return root
