"""The figures beside a value, the month from which it counts anew, and the model behind lifetime value: shown, and rightly."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import altair
import pytest
from pypdf import PdfReader
from sample_beside import NEW_DEFINITION
from streamlit.testing.v1 import AppTest
from test_pages import seen

from scorecard_app.access.roles import Grant, Role, Viewer
from scorecard_app.cards import Voice
from scorecard_app.charts.calibration import calibration
from scorecard_app.charts.marks import broken_at
from scorecard_app.charts.theme import LIGHT
from scorecard_app.charts.trend import trend
from scorecard_app.format import Language
from scorecard_app.gate import Scoped
from scorecard_app.packs import content, render
from scorecard_app.published import Published, resolve
from scorecard_app.reading import details, lifetime

JUNE = ("month", date(2025, 6, 1))


@pytest.fixture(scope="module")
def published(beside_root: Path) -> Published:
    return Published(resolve(beside_root), everything=True)


@pytest.mark.parametrize("unit, lang, expected", [
    ("cs", "en", ["median duration 15.0 business hours", "90th percentile of the duration 41.0 business hours", "−3.3 95% interval −6.5 to 0.1", "share of the largest customer at most 25.0%"]),
    ("sto", "en", ["median duration 15.0 business hours", "90th percentile of the duration unknown: too many still wait"]),
    ("cs", "zh", ["时长中位数 15.0 工作小时", "时长P90 41.0 工作小时"]),
])  # fmt: skip
def test_waits_stand_beside_the_value(
    beside_root: Path, visit: Callable[..., AppTest], unit: str, lang: str, expected: list[str]
) -> None:
    for page in ("scorecard", "diagnose"):
        words = seen(visit(beside_root, page, lang=lang, unit=unit, kpi="csat_t2b", period="2025-06-01"))
        for text in expected:
            assert text in words, (page, text)
        assert ("largest" in words) == (unit == "cs" and lang == "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_numerator_and_denominator_are_those_of_what_is_scored(
    beside_root: Path, published: Published, visit: Callable[..., AppTest], lang: str
) -> None:
    ratio = {"en": "111 of 150", "zh": "150中的111"}[lang]
    assert ratio in seen(visit(beside_root, "scorecard", lang=lang, unit="ecm", period="2025-06-01"))
    voice = Voice("en" if lang == "en" else "zh", "CNY", published.labels())
    pack = content.collect(published, published.about, voice, "ecm", *JUNE)
    assert next(card["size"] for card in pack.content["cards"] if card["value"] == "74.0%").endswith(ratio)


def test_waits_by_part_and_by_month(beside_root: Path, published: Published, visit: Callable[..., AppTest]) -> None:
    words = seen(visit(beside_root, "diagnose", lang="en", unit="acme", kpi="csat_t2b", slice_dimension="channel", period="2025-06-01"))  # fmt: skip
    assert "How long it took, in business hours" in words and "7.5 business hours" in words
    rows = details.durations(published, "csat_t2b", "sto", date(2025, 5, 1), date(2025, 7, 1))
    assert [(row["median"], row["p90"]) for row in rows] == [(14.0, 40.0), (15.0, None)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_definition_is_marked_where_it_begins(published: Published, language: Language) -> None:
    voice, kpis = Voice(language, "CNY", published.labels()), published.kpis()
    changed, kept = kpis["retention_rolling"], kpis["csat_t2b"]
    marked = trend(published.trend("retention_rolling", "sto", "sto"), changed, voice, LIGHT)
    plain = trend(published.trend("csat_t2b", "sto", "sto"), kept, voice, LIGHT)
    assert marked and plain and "'v2'" in str(marked) and "'v1'" not in str(plain)
    altair.LayerChart.from_dict(marked)
    months = [row["period_start"] for row in published.trend("retention_rolling", "sto", "sto")]
    assert broken_at(changed, months) == NEW_DEFINITION and broken_at(kept, months) is None
    assert broken_at(changed, [month for month in months if month >= NEW_DEFINITION]) is None


@pytest.mark.parametrize("lang, expected", [("en", "new definition"), ("zh", "口径变更")])
def test_the_legend_names_a_new_definition(
    beside_root: Path, visit: Callable[..., AppTest], lang: str, expected: str
) -> None:
    assert expected in seen(visit(beside_root, "diagnose", lang=lang, unit="sto", kpi="retention_rolling"))
    assert expected not in seen(visit(beside_root, "diagnose", lang=lang, unit="sto", kpi="csat_t2b"))


@pytest.mark.parametrize("lang, expected", [
    ("en", ["0.2430, 4.4140, 0.7930, 2.4260", "−9,582.43", "−4,055.92", "0.114", "113.8% 1,882 / 1,653.4", "1 April 2025", "1–4"]),
    ("zh", ["客户生命周期价值的可信度", "113.8%", "2025年4月1日", "此前复购天数"]),
])  # fmt: skip
def test_the_lifetime_model_shows_its_fit(
    beside_root: Path, visit: Callable[..., AppTest], lang: str, expected: list[str]
) -> None:
    words = seen(visit(beside_root, "engines", lang=lang))
    for text in expected:
        assert text in words, text


def test_calibration_is_per_customer_and_the_companys_own(published: Published) -> None:
    groups = lifetime.calibration(published)
    assert [(row["label"], row["expected_each"], row["actual_each"]) for row in groups] == [
        ("0", 0.25, 0.3), ("1\u20134", 2.2, 2.25),
    ]  # fmt: skip
    voice = Voice("en", "CNY", published.labels())
    titles = {"expected_each": "expected", "actual_each": "actual"}
    altair.LayerChart.from_dict(calibration(groups, titles, "a model", voice, LIGHT))
    head = Scoped(published, Viewer("x", (Grant(Role.HEAD, "sto"),)))
    assert lifetime.model(head) is None and lifetime.calibration(head) == []


def test_the_deep_review_tells_the_findings(published: Published) -> None:
    voice = Voice("en", "CNY", published.labels())
    pack = content.collect(published, published.about, voice, "sto", "quarter", date(2025, 4, 1))
    assert pack.content["deep"]["findings"]["lines"]
    text = " ".join(
        page.extract_text() for page in PdfReader(io.BytesIO(render.pdf(pack, published.about.as_of))).pages
    )
    assert "What the rules found" in text and "usual range" in text
