"""The pages that explain: causes, journey, programme and persons, in both languages, from one rich sample."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_depth import CARD, EMAIL, OLD_PHONE, OTHER, PERSON, PHONE
from streamlit.testing.v1 import AppTest
from test_pages import seen

from scorecard_app.access.roles import COMPANY, Grant, Role, Viewer
from scorecard_app.profiles import NoProfiles, Profiles, conditions, masked
from scorecard_app.published import resolve


@pytest.fixture(scope="session")
def profiles(beside_root: Path) -> Profiles:
    return Profiles(resolve(beside_root))


CARE = Viewer("care", (Grant(Role.CARE, COMPANY),))


@pytest.mark.parametrize("name, lang, expected", [
    ("diagnose", "en", ["May 2025 is a signal", "2 Spring sale", "over a year", "before: Q4 2024", "after: Q2 2025", "<b>Came</b> late", "Cases that fell short"]),
    ("diagnose", "zh", ["2025年5月出现信号", "春季促销", "一年以上", "未达标数量", "时间上接近并不说明因果"]),
    ("journey", "en", ["receipt", "▼", "worse", "Touchpoint by touchpoint", "<b>Came</b> late"]),
    ("journey", "zh", ["收货", "更差", "逐个触点"]),
    ("economics", "en", ["Liability, if all are redeemed", "What if", "Spring sale", "400 / 100", "too close to call", "Break-even margin share"]),
    ("economics", "zh", ["积分负债", "假设", "春季促销", "盈亏平衡"]),
])  # fmt: skip
def test_what_the_page_says(
    beside_root: Path, visit: Callable[..., AppTest], name: str, lang: str, expected: list[str]
) -> None:
    page = visit(
        beside_root,
        page_name=name,
        lang=lang,
        kpi="csat_t2b",
        action="A1",
        slice_dimension="tenure",
        period="2025-06-01",
    )
    words = seen(page)
    for text in expected:
        assert text in words, text
    assert "<b>Came" not in " ".join(element.proto.body for element in page.html)


def test_a_what_if_moves_the_result(beside_root: Path, visit: Callable[..., AppTest]) -> None:
    page = visit(beside_root, page_name="economics", lang="en", period="2025-06-01")
    assert "0.0%" in seen(page)  # the return begins at break-even
    slider = page.slider(key="model_margin_share")
    slider.set_value(2 * float(str(slider.value))).run()
    assert "100.0%" in seen(page)


@pytest.mark.parametrize(
    "wanted", [PHONE, "138 0000 1111", OLD_PHONE, "13900002222", EMAIL.upper(), CARD.lower(), "lc-0001", PERSON]
)
def test_a_customer_is_found_by_what_people_say(profiles: Profiles, wanted: str) -> None:
    assert [row["customer_id"] for row in profiles.search(CARE, wanted)] == [PERSON]


@pytest.mark.parametrize("wanted", ["", "138", "1111", "%", "' or '1'='1", "mei@", "LC", "__", "@example.test"])
def test_nobody_is_found_by_guessing(profiles: Profiles, wanted: str) -> None:
    assert profiles.search(CARE, wanted) == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CARE])
def test_profiles_open_to_the_care_role_alone(profiles: Profiles, role: Role) -> None:
    viewer = Viewer("x", (Grant(role, COMPANY),))
    with pytest.raises(PermissionError):
        profiles.search(viewer, PHONE)
    with pytest.raises(PermissionError):
        profiles.rows(viewer, "customers", "true")


@pytest.mark.parametrize("lang, expected", [
    ("en", ["Mei <Lin>", "+86••••11", "m•••@example.test", "¥260.00", "12%", "⇄", "the most recent", "same identifier", "phone", "The newest 1 of 1 events"]),
    ("zh", ["Mei <Lin>", "未来12个月预期毛利", "相同标识", "最新", "黄金档案"]),
])  # fmt: skip
def test_one_person_on_one_page(
    beside_root: Path, visit: Callable[..., AppTest], lang: str, expected: list[str]
) -> None:
    page = visit(beside_root, page_name="customer", lang=lang)
    assert PERSON not in seen(page)
    page.text_input(key="customer_search").set_value("138 0000 1111").run()
    words = seen(page)
    for text in expected:
        assert text in words, text
    assert PHONE not in words and OLD_PHONE not in words and "77.25" not in words and OTHER not in words
    assert "1111" not in str(dict(page.query_params))
    page.toggle(key="customer_show").set_value(True).run()
    assert PHONE in seen(page) and OLD_PHONE in seen(page) and "<Lin>" not in " ".join(e.proto.body for e in page.html)


def test_what_is_hidden_in_a_contact() -> None:
    assert masked("phone", PHONE) == "+86••••11" and masked("email", EMAIL) == "m•••@example.test"
    assert (
        masked("loyalty_card_no", "LC1") == "••••" and masked("city", "上海") == "上海" and masked("phone", None) == ""
    )
    assert conditions("12") == []


def test_a_version_without_profiles_says_so(own_root: Path, visit: Callable[..., AppTest]) -> None:
    shutil.rmtree(resolve(own_root) / "profiles")
    with pytest.raises(NoProfiles):
        Profiles(resolve(own_root))
    page = visit(own_root, page_name="customer", lang="en")
    assert "Profiles can't be read here" in seen(page)
