"""Telephone numbers: libphonenumber's answers, and SQL's where it answers itself."""

import random

import duckdb
import jinja2
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbt_project.functions.phones import parse
from orchestration.folders import DBT_PROJECT


@pytest.mark.parametrize(
    ("text", "region", "numbers"),
    [
        # examples of libphonenumber's README and of its own tests
        ("044 668 18 00", "CH", ["+41446681800"]),
        ("+1 (650) 253-0000", "CN", ["+16502530000"]),
        ("020 7031 3000", "GB", ["+442070313000"]),
        ("+39 02 3661 8300", "GB", ["+390236618300"]),  # Italy keeps its zero
        ("138 0013 9000", "CN", ["+8613800139000"]),
        ("１３８－００１３－９０００", "CN", ["+8613800139000"]),
        ("0086 13800139000", "CN", ["+8613800139000"]),
        ("0086 13800139000", "US", ["+8613800139000"]),
        ("8613800139000", "US", ["+8613800139000"]),
        ("+86 (0)13800139000", "CN", ["+8613800139000"]),
        ("tel:+86-138-0013-9000", "GB", ["+8613800139000"]),
        ("021-55551234", "CN", ["+862155551234"]),
        *(
            (f"021-55551234{extension}", "CN", ["+862155551234"])
            for extension in (" x12", " ext. 3", " 转 8", "转801", "#9")
        ),
        ("021-55551234 分机 12", "CN", ["+862155551234"]),
        ("13800139000/13800139001", "CN", ["+8613800139000", "+8613800139001"]),
        ("13800139000、13800139001；13800139000", "CN", ["+8613800139000", "+8613800139001"]),
        ("13800139000 13800139001", "CN", ["+8613800139000", "+8613800139001"]),
        ("(202) 555-0123 or 202-555-0124", "US", ["+12025550123", "+12025550124"]),
        ("13800139000.0", "CN", ["+8613800139000"]),
        ("138_0013_9000", "CN", ["+8613800139000"]),
        ("13800139000（王先生）", "CN", ["+8613800139000"]),
        ("13800139000王先生", "CN", ["+8613800139000"]),
        ("手机:13800139000", "CN", ["+8613800139000"]),
        ("13800139000 ext.", "CN", ["+8613800139000"]),
        ("07700 900123", "GB", ["+447700900123"]),  # a number of Ofcom's for films: never given out, and possible
        *((nothing, "CN", []) for nothing in (None, "", "n/a", "12345", "110", "1" * 20, "#REF!")),
    ],
)
def test_numbers(text, region, numbers):
    assert parse(text, region) == numbers


@given(st.text(max_size=40), st.sampled_from(["CN", "US", "GB", "DE"]))
def test_any_text_is_taken(text, region):
    for number in parse(text, region):
        assert phonenumbers.is_possible_number(phonenumbers.parse(number))


FORMS = {
    "CN": ["1##########", "861##########", "00861##########", "0##########", "86###########", "0086###########"],
    "US": ["##########", "1##########", "011##########", "001##########"],
    "CA": ["##########", "1##########"],
    "GB": ["0##########", "0#########", "07#########", "01#########", "44##########", "0044##########"],
    "DE": ["01##########", "015#########", "0049###########", "0###########"],
    "FR": ["0#########", "01########", "0033#########"],
}


def written_numbers(region: str) -> list[str]:
    chance = random.Random(region)
    forms = [*FORMS[region], "+861##########", "+1##########", "##########", "+86###########", "+4##########"]
    texts = []
    for _ in range(2_000):
        text = "".join(str(chance.randrange(10)) if c == "#" else c for c in chance.choice(forms))
        if chance.random() < 0.4:
            text = f"{text[:3]}{chance.choice(' -')}{text[3:7]}{chance.choice(' -')}{text[7:]}"
        texts.append(text)
    return texts


@pytest.mark.parametrize("region", FORMS)
def test_sql_says_what_libphonenumber_says(region):
    """Over random numbers in the forms of a region, and in forms just beside them."""
    macros = (DBT_PROJECT / "macros" / "normalise.sql").read_text(encoding="utf-8")
    sql = (
        jinja2.Environment()
        .from_string(macros + "{{ regular_phone('written') }}")
        .render(source=lambda *_: "settings", regex_matches=lambda text, pattern: f"regexp_matches({text}, {pattern})")
    )
    with duckdb.connect() as connection:
        code = str(phonenumbers.country_code_for_region(region))
        connection.execute("create table settings as select ? as phone_country_code", [code])
        rows = connection.execute(
            f"select written, {sql} from (select unnest(?::varchar[]) as written)", [written_numbers(region)]
        ).fetchall()
    answered = [(text, [number]) for text, number in rows if number is not None]
    assert answered == [(text, parse(text, region)) for text, _ in answered]
    assert len(answered) >= 200
