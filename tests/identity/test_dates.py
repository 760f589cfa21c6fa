"""Birth dates in the forms of ISO 8601, of spreadsheets and of people in several countries."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_project.functions.dates import parse

TODAY = date(2026, 11, 8)
MARCH, APRIL = date(1990, 3, 4), date(1990, 4, 3)
CERTAIN = (
    "1990-03-04|1990-3-4|1990/03/04|1990.03.04|19900304|1990 03 04|90-03-04|1990年3月4日|1990年03月04号|１９９０－０３－０４|04.03.1990|4.3.90|"
    "4 Mar 1990|4 March 1990|4th March 1990|4th of March 1990|March 4, 1990|Mar 4 1990|Mar. 4th, 1990|04-MAR-1990|4-Mar-90|"
    "1990-03-04T00:00:00Z|1990-03-04 00:00:00|1990-03-04T08:00:00.000+08:00|32936|32936.0"  # day 32936 of Excel's 1900 system
)


@pytest.mark.parametrize("text", CERTAIN.split("|"))
def test_forms_that_leave_no_choice(text):
    assert parse(text, TODAY) == (MARCH, MARCH)


@pytest.mark.parametrize("text", ["04/03/1990", "4/3/1990", "04-03-1990", "4/3/90", "04031990", "4 3 1990"])
def test_forms_that_leave_a_choice(text):
    assert parse(text, TODAY) == (MARCH, APRIL)


@pytest.mark.parametrize(
    ("text", "day_first", "month_first"),
    [
        ("25/03/1990", date(1990, 3, 25), None),
        ("03/25/1990", None, date(1990, 3, 25)),
        ("05/05/1980", date(1980, 5, 5), date(1980, 5, 5)),
        ("03.25.1990", None, date(1990, 3, 25)),
        ("29/02/2000", date(2000, 2, 29), None),
        ("5/6/26", date(2026, 6, 5), date(2026, 5, 6)),
        ("5/6/27", date(1927, 6, 5), date(1927, 5, 6)),  # two digits: nobody is born next year
        ("8/12/2026", None, date(2026, 8, 12)),  # December is still to come
    ],
)
def test_what_the_calendar_decides(text, day_first, month_first):
    assert parse(text, TODAY) == (day_first, month_first)


@pytest.mark.parametrize(
    "text", [None, "", "unknown", "1990-02-30", "31/04/1990", "2027-01-01", "1850-01-01", "99999", "1990", "4 Foo 1990"]
)
def test_what_is_no_birth_date(text):
    assert parse(text, TODAY) == (None, None)


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_day_comes_back(day):
    excel = day - date(1899, 12, 30)
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%d %b %Y}",
        f"{day:%d.%m.%Y}",
    ):
        assert parse(text, TODAY) == (day, day)
    assert parse(f"{day:%d/%m/%Y}", TODAY).day_first == parse(f"{day:%m/%d/%Y}", TODAY).month_first == day
    if excel >= timedelta(10_000):
        assert parse(str(excel.days), TODAY) == (day, day)


@given(st.text(max_size=25))
def test_any_text_is_taken(text):
    assert all(day is None or day <= TODAY for day in parse(text, TODAY))
