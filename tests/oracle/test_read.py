"""Reading deliveries: formats, refusals, and which row of a key wins."""

import gzip
import io
from datetime import UTC, date, datetime

import openpyxl
import polars as pl
import pytest

from .by_hand import deliver, landed
from .company import Company
from .files import Unreadable, deliveries, read_records
from .read import path_time
from .values import parse_times

HEADER = ["org_unit_id", "valid_from", "kind", "name_zh"]
UNITS = [("007", date(2024, 1, 1), "store", "门店,一"), ("8", date(2024, 2, 1), "team", None)]
CSV = 'org_unit_id,valid_from,kind,name_zh\n007,2024-01-01,store,"门店,一"\n8,2024-02-01,team,\n'


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    sheet.append(UNITS[0])
    sheet.append([8, datetime(2024, 2, 1), "team", None])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _parquet() -> bytes:
    stream = io.BytesIO()
    pl.DataFrame(UNITS, schema=HEADER, orient="row").write_parquet(stream)
    return stream.getvalue()


JSON = (
    '{"org_unit_id": "007", "valid_from": "2024-01-01", "kind": "store", "name_zh": "门店,一"}\n'
    '{"org_unit_id": 8, "valid_from": "2024-02-01", "kind": "team"}\n'
)
FORMATS = {
    "utf-8": CSV.encode(),
    "byte order mark": CSV.encode("utf-8-sig"),
    "gb18030": CSV.encode("gb18030"),
    "gzip": gzip.compress(CSV.encode()),
    "crlf": CSV.replace("\n", "\r\n").encode(),
    "cr": CSV.replace("\n", "\r").encode(),
    "no last line end": CSV.rstrip("\n").encode(),
    "json lines": JSON.encode(),
    "xlsx": _xlsx(),
    "parquet": _parquet(),
}


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS.keys())
def test_every_format_says_the_same(tmp_path, content):
    folder = tmp_path / "landing" / "org_units"
    folder.mkdir(parents=True)
    (folder / "any name").write_bytes(content)
    rows = landed(tmp_path).used["org_units"].select("org_unit_id", "valid_from", "kind", "name_zh").rows()
    assert sorted(rows) == UNITS


UNREADABLE = {
    "empty": b"",
    "gzip cut off": gzip.compress(CSV.encode())[:-9],
    "utf-16": b"\xff\xfeo\x00r\x00",
    "one name twice": b"a,a\n1,2\n",
}


# Named: pytest would make names of the bytes, and gzip writes the second it ran into them,
# so two processes would collect different tests.
@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_as_a_whole(content):
    with pytest.raises(Unreadable):
        read_records(content)


def test_broken_records_are_counted_and_the_rest_stays():
    records = read_records(b'a,b\n1,2\n1,2,3\n1\n"x"y,2\n1,\x00\n\n3,4\n5,"never ends\n6,7\n')
    assert records.frame.rows() == [("1", "2"), ("3", "4")]
    assert records.broken == 5  # too long, too short, text after a quote, NUL, and all from the open quote on


def test_unfinished_and_hidden_files_wait(tmp_path):
    for name in ("a.csv", "b.csv.part", "c.tmp", ".d.csv", ".e/f.csv", "sub/g.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    (tmp_path / "h.csv").symlink_to(tmp_path / "a.csv")
    assert [path.name for path in deliveries(tmp_path)] == ["a.csv", "g.csv"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-31T23:30:00Z", datetime(2024, 3, 31, 23, 30, tzinfo=UTC)),
        ("2024-03-31 23:30", datetime(2024, 3, 31, 21, 30, tzinfo=UTC)),  # Berlin's first day of summer time: +2
        ("2024-03-31", datetime(2024, 3, 30, 23, tzinfo=UTC)),  # … whose midnight was still +1
        ("2024-03-31T02:30:00", datetime(2024, 3, 31, 1, 30, tzinfo=UTC)),  # skipped by the clocks: read with +1
        ("2024-10-27T02:30:00", datetime(2024, 10, 27, 1, 30, tzinfo=UTC)),  # occurs twice: the second, +1
        ("2024-02-29T12:00:00.123456789-05:30", datetime(2024, 2, 29, 17, 30, 0, 123456, tzinfo=UTC)),
        ("31/12/2024 10:00", datetime(2024, 12, 31, 9, tzinfo=UTC)),  # the company's own format
        *(
            (bad, None)
            for bad in ("2023-02-29", "2024-13-01", "2024-01-01T24:00", "45000", "2024/01/01", "2024-01-01Z")
        ),
    ],
)
def test_times(text, moment):
    times = parse_times(pl.Series([text]), Company(timezone="Europe/Berlin"), "%d/%m/%Y %H:%M")
    assert times.to_list() == [moment]


def test_order_time_in_a_path():
    shanghai = Company()
    assert path_time(["2024-03-01/orders.csv", "orders_20240302T0430.csv"], shanghai) == datetime(
        2024, 3, 1, 20, 30, tzinfo=UTC
    )
    assert path_time(["part-2024030112.csv", "20241332.csv", "2024-0301.csv"], shanghai) is None


def test_rows_that_must_not_be_used(tmp_path):
    deliver(tmp_path, "exchange_rates", "currency | valid_from | rate\n USD | 2024-06-01 | 7.2")
    deliver(
        tmp_path,
        "orders",
        """
        source_system | order_id | ordered_at       | net_amount | currency | status    | guest_phone  | updated_at
        pos           | good     | 2024-06-01       | 10         |          |           |              |
        pos           | dollars  | 2024-06-01       | 10         | USD      | completed |              |
        pos           | early    | 2024-05-31       | 10         | USD      |           |              |
        pos           | pounds   | 2024-06-01       | 10         | GBP      |           |              |
        pos           | ahead    | 2025-01-10T12:01 | 10         |          |           |              |
        pos           | changed  | 2024-06-01       | 10         |          |           |              | 2025-01-11
        pos           |          | 2024-06-01       | 10         |          |           |              |
        pos           | undated  |                  | 10         |          |           |              |
        pos           | epoch    | 1970-01-01       | 10         |          |           |              |
        pos           | wordy    | 2024-06-01       | ten        |          |           |              |
        pos           | lost     | 2024-06-01       | 10         |          | lost      |              |
        pos           | #REF!    | 2024-06-01       | 10         |          |           |              |
        pos           | excel    | 2024-06-01       | 10         |          |           | 1.38E+10     |
        """,
    )
    landing = landed(tmp_path)
    amounts = dict(landing.used["orders"].select("order_id", "net_amount").iter_rows())
    assert amounts == {"good": 100_000, "dollars": 720_000}  # ten-thousandths of the company's currency
    assert landing.refused == {
        ("orders", "bad cell"): 6,
        ("orders", "future"): 2,
        ("orders", "placeholder time"): 1,
        ("orders", "no exchange rate"): 2,
    }


def test_scores_are_held_against_their_scale(tmp_path):
    deliver(tmp_path, "survey_questions", "question_code | scale_min | scale_max\n N | 0 | 10\n open | |")
    deliver(
        tmp_path,
        "survey_responses",
        """
        source_system | response_id | question_code | score | responded_at
        s             | 1           | N             | 10    | 2024-06-01
        s             | 2           | N             | 11    | 2024-06-01
        s             | 3           | N             | -0.5  | 2024-06-01
        s             | 4           | open          | 99    | 2024-06-01
        s             | 5           | unheard of    | 99    | 2024-06-01
        """,
    )
    landing = landed(tmp_path)
    assert sorted(landing.used["survey_responses"]["response_id"]) == ["1", "4", "5"]
    assert landing.refused == {("survey_responses", "score out of scale"): 2}


def test_references(tmp_path):
    deliver(
        tmp_path,
        "orders",
        """
        source_system | order_id | ordered_at | net_amount
        pos           | A        | 2024-06-01 | 1
        shop          | A        | 2024-06-01 | 1
        shop          | B        | 2024-06-01 | 1
        """,
    )
    deliver(
        tmp_path,
        "returns",
        """
        source_system | return_id | order_id | order_source_system
        pos           | own       | A        |
        wms           | only      | B        |
        wms           | either    | A        |
        wms           | named     | A        | shop
        wms           | wrong     | B        | pos
        wms           | nowhere   | C        |
        wms           | none      |          |
        """,
    )
    landing = landed(tmp_path)
    assert dict(landing.used["returns"].select("return_id", "order_system").iter_rows()) == {
        **{"own": "pos", "only": "shop", "named": "shop", "wrong": None, "nowhere": None, "none": None}
    }
    assert landing.refused == {("returns", "ambiguous reference"): 1}


def test_the_winner_of_a_key(tmp_path):
    head = "case_id | source_system | kind | opened_at | category | updated_at | withdrawn\n"
    deliver(
        tmp_path,
        "cases",
        head
        + """
        clock    | cs | request | 2024-06-01 | new  | 2024-06-09 |
        path     | cs | request | 2024-06-01 | old  |            |
        mixed    | cs | request | 2024-06-01 | new  | 2024-07-02 |
        same     | cs | request | 2024-06-01 | x    |            |
        taken    | cs | request | 2024-06-01 | x    |            |
        tie      | cs | request | 2024-06-01 | a    | 2024-06-05 |
        refused  | cs | request | 2024-06-01 | old  | 2024-06-05 |
        """,
        "2024-06-30/cases.csv",
    )
    deliver(
        tmp_path,
        "cases",
        head
        + """
        clock    | cs | request | 2024-06-01 | old  | 2024-06-08 |
        path     | cs | request | 2024-06-01 | new  |            |
        mixed    | cs | request | 2024-06-01 | old  |            |
        same     | cs | request | 2024-06-01 | x    |            |
        taken    | cs | request | 2024-06-01 | x    |            | yes
        tie      | cs | request | 2024-06-01 | b    | 2024-06-05 |
        refused  | cs | nonsense | 2024-06-01 | new | 2024-06-06 |
        """,
        "2024-07-01/cases.csv",
    )
    landing = landed(tmp_path)
    found = dict(landing.used["cases"].select("case_id", "category").iter_rows())
    assert found.pop("tie") in ("a", "b")
    assert found == {"clock": "new", "path": "new", "mixed": "new", "same": "x", "refused": "old"}
    assert landing.conflicts["cases"].rows() == [("cs", "tie")]
    assert landing.refused == {("cases", "bad cell"): 1}


def test_a_copy_at_a_later_path_keeps_the_latest_date(tmp_path):
    row = "source_system | case_id | kind | opened_at | category\n cs | 1 | request | 2024-06-01 | "
    deliver(tmp_path, "cases", row + "first", "2024-06-01.csv")
    deliver(tmp_path, "cases", row + "second", "2024-06-02.csv")
    assert landed(tmp_path).used["cases"]["category"].to_list() == ["second"]
    deliver(tmp_path, "cases", row + "first", "2024-06-03.csv")  # sent again, byte for byte
    assert landed(tmp_path).used["cases"]["category"].to_list() == ["first"]
