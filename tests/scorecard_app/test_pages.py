"""Every page in both languages, against the sample company: it draws, speaks its language, and shows no raw code."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scorecard_app.pages import PAGES
from scorecard_app.texts import TEXTS

WITH_CHARTS = {"scorecard", "company", "diagnose", "quality"}


def seen(page: AppTest) -> str:
    """Everything readable on the page."""
    assert not page.exception, page.exception
    html = " ".join(element.proto.body for element in page.html if "<style>" not in element.proto.body)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_every_page_draws_in_both_languages(
    sample_root: Path, visit: Callable[..., AppTest], name: str, lang: str
) -> None:
    page = visit(sample_root, page_name=name, lang=lang)
    words = seen(page)
    assert ("Local mode: no sign-in" in words) == (lang == "en") and ("本机模式" in words) == (lang == "zh")
    assert ("数据截至" in words) == (lang == "zh") and ("As of" in words) == (lang == "en")
    if name not in ("scorecard", "company"):  # these carry the unit's name instead
        assert TEXTS[f"page_{name}"][lang == "zh"] in words
    assert bool(page.get("vega_lite_chart") or page.get("arrow_vega_lite_chart")) == (name in WITH_CHARTS)
