"""Review packs: text one can select, in both languages, the pages' numbers, and the same bytes twice."""

import io
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from scorecard_app.cards import Voice
from scorecard_app.exports.periods import Period
from scorecard_app.format import Language, number
from scorecard_app.packs import content, render
from scorecard_app.packs.write import write_packs
from scorecard_app.published import Published, resolve


@pytest.fixture(scope="module")
def published(sample_root: Path) -> Published:
    return Published(resolve(sample_root), everything=True)


def words(pdf: bytes) -> str:
    """All selectable text, without the spaces and breaks that setting type brings."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("language, expected", [
    ("en", ["Storeoperations", "June2025", "Monthlyreview", "Howthescorecomesabout", "Whatmovedthescore", "swayedbythemoodofthemoment", "targetmet"]),
    ("zh", ["门店运营部", "2025年6月", "月度复盘", "得分构成", "得分变动原因", "易受当次情绪影响", "已达标"]),
])  # fmt: skip
def test_a_month_in_both_languages(published: Published, language: Language, expected: list[str]) -> None:
    voice = Voice(language, "CNY", published.labels())
    at = ("sto", "month", date(2025, 6, 1))
    pack = content.collect(published, published.about, voice, *at)
    pdf = render.pdf(pack, published.about.as_of)
    found = words(pdf)
    for text in [*expected, number((published.score(*at) or {})["score"], 1), published.about.name]:
        assert text.replace(" ", "") in found, text
    assert render.pdf(pack, published.about.as_of) == pdf
    assert {"moved", "kpi_csat_t2b"} <= set(pack.charts) and pack.content["deep"] is None


def test_a_quarter_has_the_deep_review(published: Published) -> None:
    voice = Voice("en", "CNY", published.labels())
    pack = content.collect(published, published.about, voice, "acme", "quarter", date(2025, 4, 1))
    found = words(render.pdf(pack, published.about.as_of))
    assert "Deepreview" in found and "Departmentssidebyside" in found and "Scorecardsoftheunitsbelow" not in found
    assert any(name.startswith("units_") for name in pack.charts)


def test_a_hidden_value_stays_hidden(published: Published) -> None:
    voice = Voice("en", "CNY", published.labels())
    pack = content.collect(published, published.about, voice, "hr", "month", date(2025, 6, 1))
    cards = {card["name"]: card for card in pack.content["cards"]}
    assert cards and all(card["value"] in ("Hidden", "No data") and not card["interval"] for card in cards.values())


def test_nothing_to_review_is_said(published: Published) -> None:
    voice = Voice("en", "CNY", published.labels())
    with pytest.raises(content.NothingToReview, match="no-such-unit"):
        content.collect(published, published.about, voice, "no-such-unit", "month", date(2025, 6, 1))


def test_without_a_font_for_chinese_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "FONTS", ("No Such Font",))
    render.font.cache_clear()
    with pytest.raises(render.NoFont, match="fonts-noto-cjk"):
        render.font()
    render.font.cache_clear()


def test_files_of_every_unit_with_a_scorecard(published: Published, tmp_path: Path) -> None:
    period = Period("month", date(2025, 6, 1))
    written = write_packs(published, period, (), ("zh",), tmp_path)
    scored = {row["org_unit_id"] for row in published.rows("from department_scores where period_start = '2025-06-01' and period_kind = 'month'")}  # fmt: skip
    assert {path.name for path in written} == {f"{unit}-zh.pdf" for unit in scored}
    assert {path.name for path in (tmp_path / "2025-06").iterdir()} == {path.name for path in written}
    assert all(path.read_bytes().startswith(b"%PDF-") for path in written)
