"""Addresses and places; abbreviations are those of USPS Publication 28."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_project.functions.addresses import parse, place


@pytest.mark.parametrize(
    ("spellings", "house_number"),
    [
        (("12 Main St", "12 main street", "12, MAIN STREET.", "１２ Main St."), "12"),
        (("12 St. Mary Rd, Apt 4", "12 Saint Mary Road Apartment 4"), "12"),
        (("221B Baker Street", "221 b Baker St"), "221b"),
        (("Unit 4/12 Oak Ave", "unit 4 12 oak avenue"), "12"),
        (("Hauptstr. 12a", "Hauptstraße 12 a", "HAUPTSTRASSE 12A"), "12a"),
        (("P.O. Box 12", "PO Box 12"), None),
        (("1600 Pennsylvania Ave NW", "1600 Pennsylvania Avenue Northwest"), "1600"),
        (
            (
                "中山路123号1204室",
                "中山路 123 號 1204 室",
                "中山路１２３号，1204",
                "上海中山路123号1204室",
                "上海市中山路123号1204室",
            ),
            "123",
        ),
        (
            (
                "朝阳区建国路88号院5号楼1单元1204",
                "朝陽區建國路88號院5號樓1單元1204".replace("陽", "阳").replace("國", "国"),
            ),
            "88",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_spellings_of_one_address(spellings, house_number):
    found = {parse(spelling, "上海") for spelling in spellings}
    assert len(found) == 1
    address = found.pop()
    assert address is not None and address.house_number == house_number


@pytest.mark.parametrize(
    ("left", "right"), [("12 Main St", "21 Main St"), ("中山路1号2室", "中山路2号1室"), ("12 Oak Rd", "12 Oak St")]
)
def test_other_addresses(left, right):
    assert parse(left) != parse(right)


@pytest.mark.parametrize("text", [None, "", " ", "-", "，"])
def test_no_address(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        (("上海市", "上海", "Shanghai", "SHANGHAI "), "shanghai"),
        (("重庆", "重慶市", "Chongqing"), "chongqing"),
        (("成都", "Chengdu City"), "chengdu"),
        (("厦门市", "Xiamen"), "xiamen"),
        (("广西壮族自治区", "Guangxi"), "guangxi"),
        (("香港", "Hong Kong"), "hongkong"),
        (("São Paulo", "Sao Paulo"), "saopaulo"),
        ((None, "", "-"), None),
    ],
)
def test_places(spellings, name):
    assert [place(spelling) for spelling in spellings] == [name] * len(spellings)


@given(st.text(max_size=30), st.none() | st.text(max_size=8))
def test_any_text_is_taken(text, city):
    address = parse(text, city)
    assert address is None or address.address == address.address.strip() != ""
