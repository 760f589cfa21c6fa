"""What a head of department reads, in both languages, and what the page says when it cannot show it."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from sample_company import publish_sample
from streamlit.testing.v1 import AppTest

from scorecard_app.format import number
from scorecard_app.published import Published, resolve


def markup(page: AppTest) -> str:
    """All HTML of the page but its style sheet."""
    assert not page.exception, page.exception
    return " ".join(element.proto.body for element in page.html if "<style>" not in element.proto.body)


def words(page: AppTest) -> str:
    """Everything readable on the page."""
    plain = unescape(re.sub(r"<[^>]+>", " ", markup(page)))
    return re.sub(r"\s+", " ", " ".join([plain, *(element.value for element in page.markdown)]))


def the_score(root: Path, unit: str) -> str:
    rows = Published(resolve(root)).rows(
        "select score from department_scores where org_unit_id = $u and period_kind = 'month' and period_start = '2025-06-01'",
        u=unit,
    )
    return number(rows[0]["score"], 1)


@pytest.mark.parametrize("lang, expected", [
    ("en", ["Store operations", "June 2025", "Complete period", "CSAT, top-2-box", "target met", "on target", "95% interval",
            "Threshold", "swayed by the mood of the moment", "touchpoints; process and service standards", "As of",
            "11 July 2025, 00:00 (Asia/Shanghai)", "Demo company"]),
    ("zh", ["门店运营部", "2025年6月", "完整期间", "客户满意度", "已达标", "达标", "95%置信区间", "门槛", "易受当次情绪影响",
            "触点体验优化", "数据截至", "2025年7月11日 00:00 (Asia/Shanghai)", "演示公司"]),
])  # fmt: skip
def test_a_department_in_both_languages(
    sample_root: Path, visit: Callable[..., AppTest], lang: str, expected: list[str]
) -> None:
    seen = words(visit(sample_root, unit="sto", lang=lang))
    for text in [*expected, the_score(sample_root, "sto")]:
        assert text in seen
    version = resolve(sample_root).name
    assert version in seen and version.rsplit("-", 1)[1] in seen


def test_the_points_add_up_to_the_score(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    page = visit(sample_root, unit="cs")
    table = next(
        element.proto.body
        for element in page.html
        if "<tfoot" in element.proto.body or "class=sum" in element.proto.body
    )
    rows = [
        re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr.*?</tr>", table.split("<tbody>")[1])
    ]
    points = [float(row[5]) for row in rows if row and row[3]]
    assert len(points) == 3
    assert sum(points) == pytest.approx(float(the_score(sample_root, "cs")), abs=0.16)


def test_hidden_cells_say_why_and_show_no_number(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    page = visit(sample_root, unit="hr")
    seen = words(page)
    assert "Fewer than 5 answers or customers" in seen and "too few to show" in seen
    assert "less than 70 % of the weight can be scored" in seen and "No score" in seen
    assert "n = " not in seen and 'lc-figure">' not in markup(page)
    assert "样本少于5个" in words(visit(sample_root, unit="hr", lang="zh"))


def test_company_wide_measures_are_named(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    assert "Measured for Acme Retail" in words(visit(sample_root, unit="mkt"))


def test_too_few_to_score_says_how_many(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    assert "Scored from 100 on; there are 64." in words(visit(sample_root, unit="sto-2"))
    assert "计分至少需要100" in words(visit(sample_root, unit="sto-2", lang="zh"))


def test_an_open_month_is_provisional_and_not_scored(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    seen = words(visit(sample_root, unit="mkt", period="2025-07-01"))
    assert "Provisional: the period is still open" in seen and "nothing is scored" in seen
    assert "Relationship NPS" in seen and "Attainment" not in seen


def test_a_month_without_a_survey_says_no_data(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    seen = words(visit(sample_root, unit="cs", period="2025-01-01"))
    assert "No data" in seen and "no data in this period" in seen and "gap: too few to show" in seen


def test_the_company_lists_its_departments_in_the_organisations_order(
    sample_root: Path, visit: Callable[..., AppTest]
) -> None:
    page = visit(sample_root)
    table = next(element.proto.body for element in page.html if 'target="_self"' in element.proto.body)
    names = re.findall(r'target="_self">(.*?)</a>', table)
    assert names == [
        "Customer service",
        "E-commerce",
        "Human resources",
        "Marketing",
        "Product",
        "Sales",
        "Store operations",
    ]
    assert "?unit=sto&amp;period_kind=month&amp;period=2025-06-01&amp;lang=en" in table


def test_published_text_is_escaped(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    page = visit(sample_root, unit="sto-1")
    assert "Store &lt;1&gt; &amp; Sons" in markup(page) and "<1>" not in markup(page)


def test_the_address_restores_the_choice_and_follows_it(sample_root: Path, visit: Callable[..., AppTest]) -> None:
    page = visit(sample_root, unit="ecm", period_kind="quarter", period="2025-01-01", lang="zh")
    assert "电商部" in words(page) and "2025年第1季度" in words(page)
    page.selectbox(key="unit").select("cs").run()
    page.segmented_control(key="lang").set_value("en").run()
    assert "Customer service" in words(page) and "Q1 2025" in words(page)
    page.segmented_control(key="period_kind").set_value("year").run()
    assert words(page).count("2024") and page.query_params == {
        "unit": "cs", "period_kind": "year", "period": "2024-01-01", "lang": "en",
    }  # fmt: skip


@pytest.mark.parametrize("bad", ["no-such-unit", "sto' or '1'='1", "../../etc/passwd", "<script>alert(1)</script>"])
def test_a_foolish_address_falls_back(sample_root: Path, visit: Callable[..., AppTest], bad: str) -> None:
    page = visit(sample_root, unit=bad, period_kind=bad, period=bad, lang=bad)
    assert "Acme Retail" in words(page) and bad not in markup(page)


@pytest.mark.parametrize("lang, expected", [("en", "Nothing has been published yet"), ("zh", "尚未发布任何数据")])
def test_nothing_published_yet(tmp_path: Path, visit: Callable[..., AppTest], lang: str, expected: str) -> None:
    page = visit(tmp_path, lang=lang)
    assert expected in words(page) and str(tmp_path / "landing") in words(page)
    assert page.code[0].value == "loyalty run"


@pytest.mark.parametrize("harm", ["folder", "table", "manifest", "flip", "foreign manifest"])
def test_a_version_half_gone_shows_no_number(own_root: Path, visit: Callable[..., AppTest], harm: str) -> None:
    version = resolve(own_root)
    file = version / ("manifest.json" if "manifest" in harm else "kpi_values.parquet")
    if harm == "folder":
        version.rename(version.with_name("elsewhere"))
        file = version
    elif harm == "flip":
        whole = bytearray(file.read_bytes())
        whole[len(whole) // 2] ^= 1
        file.write_bytes(whole)
    elif harm == "foreign manifest":
        file.write_text("{}")
    else:
        file.unlink()
    for lang, expected in (("en", "The published numbers are not whole"), ("zh", "已发布的数据不完整")):
        page = visit(own_root, lang=lang)
        seen = words(page)
        assert expected in seen and str(file) in seen and "%" not in seen
        assert page.code[0].value == "loyalty run"


def test_a_company_without_events_explains_itself(tmp_path: Path, visit: Callable[..., AppTest]) -> None:
    publish_sample(tmp_path, demo=False, periods=False)
    seen = words(visit(tmp_path))
    assert "No KPI has a value yet" in seen and "Demo company" not in seen


def test_pages_open_in_the_companys_language(tmp_path: Path, visit: Callable[..., AppTest]) -> None:
    publish_sample(tmp_path, language="zh")
    assert "客户忠诚度记分卡" in words(visit(tmp_path))


def test_a_newer_version_is_announced_and_shown(own_root: Path, visit: Callable[..., AppTest]) -> None:
    page = visit(own_root)
    before = resolve(own_root).name
    publish_sample(own_root, demo=False)
    page.run()
    seen = words(page)
    assert page.success[0].value == "You are now reading a newer version, as of 11 July 2025, 00:00."
    assert resolve(own_root).name in seen and before not in seen and "Demo company" not in seen
    page.run()
    assert not page.success
