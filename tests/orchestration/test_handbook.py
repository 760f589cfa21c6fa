"""The handbook says of every KPI what its twin says, in both languages, and the same twice."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orchestration import dbt
from orchestration.handbook import write_handbook
from orchestration.handbook.entries import entries


class Text(HTMLParser):
    """Text and ids of a page; raises where tags are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.ids, self.links, self.opened = "", [], [], []
        self.feed(page)
        assert not self.opened

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.opened.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Text]:
    folder = tmp_path_factory.mktemp("handbook")
    written = write_handbook(dbt.manifest(), folder)
    assert [path.name for path in written] == ["en.html", "zh.html"]
    first = [path.read_bytes() for path in written]
    assert [path.read_bytes() for path in write_handbook(dbt.manifest(), folder)] == first
    return {path.stem: Text(path.read_text(encoding="utf-8")) for path in written}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kpi_is_told_whole(pages: dict[str, Text], language: str) -> None:
    page = pages[language]
    twins = {
        node["name"]: node["config"]["meta"]["kpi"]
        for node in dbt.manifest()["nodes"].values()
        if "kpi" in (node["config"].get("meta") or {})
    }
    assert set(page.ids) == twins.keys() and {f"#{kpi}" for kpi in twins} < set(page.links)
    for kpi in twins.values():
        for word in ("label", "definition", "role", "limitation", "misuse"):
            assert kpi[f"{word}_{language}"] in unescape(page.words)


def test_links_lead_to_the_other_language_and_to_nowhere_else(pages: dict[str, Text]) -> None:
    for language, other in (("en", "zh.html"), ("zh", "en.html")):
        assert {link for link in pages[language].links if not link.startswith("#")} == {other}


def test_sources_and_formulas_are_those_of_the_models() -> None:
    found = {entry.kpi_id: entry for entry in entries(dbt.manifest())}
    assert found["promo_dependence"].formula == "100 × Σy ÷ Σx"
    assert found["ces_effort"].formula == "6 × (Σy ÷ Σx + 0.1667)"
    assert "orders" in found["promo_dependence"].sources and "survey_responses" in found["csat_t2b"].sources
    for entry in found.values():
        assert entry.sources, entry.kpi_id


def test_the_page_needs_nothing_from_elsewhere() -> None:
    template = (Path(dbt.__file__).parent / "handbook" / "page.html").read_text(encoding="utf-8")
    assert not re.search(r"https?://|<script|@import", template)
