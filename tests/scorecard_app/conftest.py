"""Published sample companies, and the page run against them without a browser."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_company import publish_sample
from streamlit.testing.v1 import AppTest

import scorecard_app

APP = Path(scorecard_app.__file__).with_name("app.py")


@pytest.fixture(scope="session")
def sample_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo-marked sample company; tests must not change it."""
    root = tmp_path_factory.mktemp("sample")
    publish_sample(root)
    return root


@pytest.fixture
def own_root(sample_root: Path, tmp_path: Path) -> Path:
    """A copy of the sample company of the test's own, to damage and publish again."""
    return shutil.copytree(sample_root, tmp_path / "company", symlinks=True)


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open the page for a data folder with an address's query; returns it after the first run."""

    def run(root: Path, **query: str) -> AppTest:
        monkeypatch.setenv("LOYALTY_DATA", str(root))
        page = AppTest.from_file(str(APP), default_timeout=60)
        for name, value in query.items():
            page.query_params[name] = value
        return page.run()

    return run
