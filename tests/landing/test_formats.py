"""Each format, encoding and cell type: what is delivered is what is in raw, with the line it stood on."""

import gzip
import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.landing.conftest import ORDERS

EXPECTED = [
    ("pos", "001", datetime(2026, 1, 5, 2, 15), Decimal("12.5000"), "王, 先生", 2),
    ("pos", "002", datetime(2026, 1, 5, 10, 15), Decimal("-3.0000"), None, 3),
]
CSV = ORDERS + 'pos,001,2026-01-05 10:15,12.5,"王, 先生"\npos,002,2026-01-05T10:15:00Z,-3,\n'


def loaded(company):
    return company.rows(
        "select source_system, order_id, ordered_at, net_amount, coupon_code, _line from raw.orders order by _line"
    )


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("gb18030"),
        CSV.encode("utf-16"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("\n", "\r").encode(),
        CSV.replace("\n", "\r\n", 1).encode(),
        CSV.rstrip("\n").encode(),
        gzip.compress(CSV.encode()),
        gzip.compress(CSV[:70].encode()) + gzip.compress(CSV[70:].encode()),
        CSV.replace("order_id", " Order_ID ").encode(),
        CSV.replace("pos,001", " pos ,\t001　").encode(),
    ],
    ids=[
        "utf8",
        "bom",
        "gb18030",
        "utf16",
        "crlf",
        "cr",
        "mixed",
        "no-last-end",
        "gzip",
        "gzip-members",
        "header-case",
        "spaces",
    ],
)
def test_csv(shop, content):
    shop.deliver("orders/2026/x", content)
    report = shop.load()
    assert (report.received, report.loaded, report.balanced) == (2, 2, True)
    assert loaded(shop) == EXPECTED


@pytest.mark.parametrize("names", [["Hélène", "Zoë Müller"], ["Jörg", "Françoise"]])
def test_a_western_code_page_is_refused_and_not_read_as_chinese(shop, names):
    content = "\n".join(
        ["source_system,order_id,ordered_at,net_amount,coupon_code", *(f"pos,{n},2026-01-05,1,{n}" for n in names)]
    )
    shop.deliver("orders/x.csv", content.encode("cp1252"))
    report = shop.load()
    assert (report.received, report.loaded, report.quarantined) == (1, 0, 1)
    assert shop.reasons() == [(None, None, "unknown_encoding")]


@pytest.mark.parametrize("name", ["王芳", "喆", "朱镕基", "Zoë 王", "Jörg 𠮷"])
def test_chinese_names_are_read_in_gb18030(shop, name):
    content = f"source_system,order_id,ordered_at,net_amount,coupon_code\npos,1,2026-01-05,1,{name}"
    shop.deliver("orders/x.csv", content.encode("gb18030"))
    assert shop.load().loaded == 1
    assert loaded(shop)[0][4] == name


def test_lines_are_physical_and_empty_lines_are_no_rows(shop):
    shop.deliver(
        "orders/x.csv", ORDERS + '\npos,1,2026-01-01,1,"a\nb ""c"""\n\npos,2,2026-01-01,1,5" screen\npos,3,2026-01-01\n'
    )
    report = shop.load()
    assert (report.received, report.loaded, report.quarantined) == (3, 2, 1)
    assert shop.rows("select order_id, coupon_code, _line from raw.orders order by 3") == [
        ("1", 'a\nb "c"', 3),
        ("2", '5" screen', 6),
    ]
    assert shop.reasons() == [(7, None, "wrong_field_count")]


def test_json_lines_keep_numbers_as_written(shop):
    shop.deliver(
        "orders/x.jsonl",
        '{"source_system":"pos","order_id":"001","ordered_at":"2026-01-05 10:15","net_amount":12.5,"coupon_code":"王, 先生"}\n'
        '\n{"order_id":12345678901234567890,"source_system":"pos","ordered_at":"2026-01-01","net_amount":0.1000,"x":[1]}\n'
        '{"source_system":"pos","order_id":["a"],"ordered_at":"2026-01-01","net_amount":1}\n[1]\n{"a":NaN}\n{',
    )
    report = shop.load()
    assert (report.received, report.loaded) == (6, 2)
    assert loaded(shop)[1][1] == "12345678901234567890"
    assert shop.reasons() == [
        (4, "order_id", "nested_value"),
        (5, None, "invalid_json"),
        (6, None, "invalid_json"),
        (7, None, "invalid_json"),
    ]


def test_parquet_types_pass_through(shop, tmp_path):
    file = tmp_path / "orders.parquet"
    duckdb.execute(
        f"""copy (select 'pos' as source_system, i::double as order_id, timestamptz '2026-01-31 23:30:00+00' as ordered_at,
            case when i < 3 then i * 1.5 else 'nan'::double end as net_amount, date '2026-02-01' as promised_at,
            timestamp '2026-02-01 08:00:00' as fulfilled_at, i as points_redeemed, 'Completed ' as status
            from range(4) as t(i)) to '{file}' (format parquet)"""
    )
    shop.deliver("orders/x.parquet", file.read_bytes())
    report = shop.load()
    assert (report.received, report.loaded, report.quarantined) == (4, 3, 1)
    assert shop.rows("select order_id, ordered_at, net_amount, promised_at, fulfilled_at, points_redeemed, status, _line from raw.orders order by 1")[1] == (
        "1", datetime(2026, 1, 31, 23, 30), Decimal("1.5"), datetime(2026, 1, 31, 16), datetime(2026, 2, 1), Decimal(1), "completed", 2,
    )  # fmt: skip
    assert shop.reasons() == [(4, "net_amount", "not_a_number")]


def of_arrow(**columns):
    """Two orders as Parquet, some of their columns replaced or added."""
    plain = {
        "source_system": pa.array(["pos", "pos"]),
        "order_id": pa.array(["1", "2"]),
        "ordered_at": pa.array([datetime(2026, 3, 1)] * 2, pa.timestamp("us", "UTC")),
        "net_amount": pa.array([Decimal("1.12"), Decimal("-2")], pa.decimal128(38, 9)),
    }
    target = io.BytesIO()
    pq.write_table(pa.table(plain | columns), target, compression="none")
    return target.getvalue()


@pytest.mark.parametrize(("digits", "places"), [(39, 2), (50, 9), (76, 38)])
def test_decimals_that_duckdb_misreads_are_refused_and_never_other_amounts(shop, digits, places):
    shop.deliver("orders/narrow.parquet", of_arrow(loyalty=pa.array([Decimal(1)] * 2, pa.decimal256(digits, places))))
    assert shop.load().loaded == 2
    assert [row[3] for row in loaded(shop)] == [Decimal("1.12"), Decimal("-2")]
    wide = pa.array([Decimal("1.12"), Decimal("-2")], pa.decimal256(digits, places))
    for number in range(2):  # two of one shape would be read together
        shop.deliver(
            f"orders/{number}.parquet", of_arrow(net_amount=wide, order_id=pa.array([f"{number}a", f"{number}b"]))
        )
    report = shop.load()
    assert (report.loaded, report.quarantined, report.unreadable) == (2, 4, 2)
    assert shop.reasons() == [(1, "net_amount", "decimal_too_wide_column")] * 2


def test_text_that_is_not_marked_as_text_is_text_and_other_bytes_are_refused(shop):
    coupons = pa.array([" 王芳 ".encode(), b"\xff\xfe"])
    shop.deliver("orders/x.parquet", of_arrow(coupon_code=coupons, net_amount=pa.array([b"1.5", b"1.5"])))
    shop.load()
    assert [(row[1], row[3], row[4]) for row in loaded(shop)] == [("1", Decimal("1.5"), "王芳")]
    assert shop.reasons() == [(2, "coupon_code", "not_utf8")]


@pytest.mark.parametrize("value", [["a"], {"a": 1}])
@pytest.mark.parametrize("column", ["coupon_code", "order_id", "net_amount", "ordered_at"])
def test_a_nested_value_in_parquet_is_no_text_either(shop, value, column):
    shop.deliver("orders/x.parquet", of_arrow(**{column: pa.array([value, value])}))
    shop.load()
    assert loaded(shop) == []
    assert shop.reasons() == [(1, column, "nested_value"), (2, column, "nested_value")]


def test_a_number_that_lost_digits_is_no_id_whatever_stands_beside_it(shop):
    shop.deliver("orders/x.parquet", of_arrow(order_id=pa.array([1e20, 12.0])))
    shop.load()
    assert [row[1] for row in loaded(shop)] == ["12"]
    assert shop.reasons() == [(1, "order_id", "excel_number")]


def test_a_column_that_the_reader_needs_for_itself_ends_no_run(shop):
    shop.deliver("orders/x.parquet", of_arrow(File_Row_Number=pa.array([1, 2])))
    assert shop.load().unreadable == 1
    assert shop.reasons() == [(1, "File_Row_Number", "reserved_column")]


def test_a_damaged_parquet_file_within_gzip_ends_no_run(shop):
    content = bytearray(of_arrow())
    content[10] ^= 0xFF
    shop.deliver("orders/x.parquet.gz", gzip.compress(bytes(content)))
    assert shop.load().unreadable == 1
    assert shop.reasons() == [(None, None, "not_parquet")]


@pytest.mark.parametrize(("in_a_list", "indent"), [(True, None), (True, 1), (False, 1)])
def test_one_json_document_is_said_to_be_no_json_lines(shop, in_a_list, indent):
    row = {"source_system": "pos", "order_id": "1", "ordered_at": "2026-01-01", "net_amount": 1}
    shop.deliver("orders/x.json", " \n" + json.dumps([row] if in_a_list else row, indent=indent))
    assert shop.load().unreadable == 1
    assert shop.reasons() == [(None, None, "not_json_lines")]


def test_xlsx_is_for_what_people_keep_by_hand(company):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["org_unit_id", "kpi_id", "period_start", "agreed_at", "target", "weight", None])
    sheet.append([7, "csat", date(2026, 1, 1), datetime(2025, 12, 31, 18, 0), 0.1, 50])
    sheet.append([])
    sheet.append(["007", "nps", "#REF!", "2025-12-31", 30, 101])
    content = io.BytesIO()
    book.save(content)
    company.deliver("targets/x.xlsx", content.getvalue())
    company.deliver("orders/x.xlsx", content.getvalue())
    report = company.load()
    assert report.balanced, company.reasons()
    assert company.rows("select org_unit_id, period_start, agreed_at, target, _line from raw.targets") == [
        ("7", date(2026, 1, 1), datetime(2025, 12, 31, 10), Decimal("0.1"), 2)
    ]
    assert company.reasons() == [
        (4, "period_start", "excel_error"),
        (4, "weight", "out_of_range"),
        (None, None, "xlsx_not_accepted"),
    ]


@pytest.mark.parametrize(
    ("shown_as", "refused"), [("0%", True), ("0.00%", True), ('0.0"%"', False), ("0\\%", False), ("General", False)]
)
def test_a_percentage_is_no_amount(company, shown_as, refused):
    book = openpyxl.Workbook()
    book.active.append(["org_unit_id", "kpi_id", "period_start", "agreed_at", "Target ", "note"])
    book.active.append(["sto", "csat_t2b", date(2026, 1, 1), date(2025, 12, 1), 0.8, 0.5])
    book.active["E2"].number_format, book.active["F2"].number_format = shown_as, "0%"
    pilots = openpyxl.Workbook()
    pilots.active.append(["pilot_id", "planned_share"])
    pilots.active.append(["p1", 0.5])
    pilots.active["B2"].number_format = "0%"
    for path, workbook in (("targets/t.xlsx", book), ("pilots/p.xlsx", pilots)):
        target = io.BytesIO()
        workbook.save(target)
        company.deliver(path, target.getvalue())
    company.load()
    assert company.reasons() == ([(2, "target", "percentage")] if refused else [])
    assert company.rows("select target, note from raw.targets") == ([] if refused else [(Decimal("0.8"), "0.5")])
    assert company.rows("select planned_share from raw.pilots") == [(Decimal("0.5"),)], "a share is one"


def test_a_formula_that_nobody_calculated_is_no_empty_cell(company):
    """As written by a program; and as Excel writes one whose value is known, be it a text of no letters."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["org_unit_id", "kpi_id", "period_start", "agreed_at", "target", "weight", "stretch"])
    for unit, target in (("7", "=20+10"), ("8", "=20+11"), ("9", 32)):
        sheet.append(
            [unit, "nps", date(2026, 1, 1), datetime(2025, 12, 31), target, 50, '=""' if unit == "8" else None]
        )
    content, calculated = io.BytesIO(), io.BytesIO()
    book.save(content)
    with zipfile.ZipFile(content) as plain, zipfile.ZipFile(calculated, "w") as known:
        for name in plain.namelist():
            part = plain.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b"<f>20+11</f><v />", b"<f>20+11</f><v>31</v>")
                part = part.replace(b'<c r="G3"><f>""</f><v />', b'<c r="G3" t="str"><f>""</f><v></v>')
                assert part.count(b"<f>") == 3 and part.count(b"<v />") == 1
            known.writestr(name, part)
    company.deliver("targets/x.xlsx", calculated.getvalue())
    report = company.load()
    assert report.balanced
    assert company.rows("select org_unit_id, target, stretch from raw.targets order by 1") == [
        ("8", Decimal(31), None),
        ("9", Decimal(32), None),
    ]
    assert company.reasons() == [(2, None, "formula_without_value")]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("1.38E+10", "excel_number"), ("#REF!", "excel_error"), ("", "missing_required"), ("12E5", None), ("0001", None),
    ],
)  # fmt: skip
def test_ids(shop, cell, reason):
    shop.deliver("orders/x.csv", f"{ORDERS}pos,{cell},2026-01-01,1,\n")
    shop.load()
    assert shop.reasons() == ([(2, "order_id", reason)] if reason else [])
    assert shop.rows("select order_id from raw.orders") == ([] if reason else [(cell,)])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-01-05", datetime(2026, 1, 4, 16)), ("20260105", datetime(2026, 1, 4, 16)),
        ("20260105T101500Z", datetime(2026, 1, 5, 10, 15)), ("20260105T1015+0800", datetime(2026, 1, 5, 2, 15)),
        ("2026-01-05T10:15+08:00", datetime(2026, 1, 5, 2, 15)), ("2026-01-05T10:15:00.25Z", datetime(2026, 1, 5, 10, 15, 0, 250000)),
        ("2026-01-05 10:15:00-0330", datetime(2026, 1, 5, 13, 45)), ("2024-02-29 12:00:00", datetime(2024, 2, 29, 4)),
        ("2026-02-29", None), ("infinity", None), ("epoch", None), ("now", None), ("2026-1-5", None), ("05/01/2026", None),
        ("2026-01-05 25:00", None), ("2026-01-05 10:15:00 America/New_York", None), ("2026-01-05 (BC)", None),
    ],
)  # fmt: skip
def test_times(shop, cell, value):
    shop.deliver("orders/x.csv", f"{ORDERS}pos,1,{cell},1,\n")
    shop.load()
    assert shop.rows("select ordered_at from raw.orders") == ([(value,)] if value else [])
    assert shop.reasons() == ([] if value else [(2, "ordered_at", "not_a_timestamp")])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.5", "1234.5"), ("-0.00005", "-0.0001"), (".5", "0.5"), ("1_000", None), ("1e3", None), ("1,5", None), ("￥5", None),
        ("nan", None), ("99999999999999999", None),
    ],
)  # fmt: skip
def test_money(shop, cell, value):
    shop.deliver("orders/x.csv", f'{ORDERS}pos,1,2026-01-01,"{cell}",\n')
    shop.load()
    assert shop.rows("select net_amount from raw.orders") == ([(Decimal(value),)] if value else [])
    assert shop.reasons() == ([] if value else [(2, "net_amount", "not_a_number")])


def test_whole_numbers_are_never_rounded(new_company):
    company = new_company("contacts")
    cells = ["1", "2.0", "3.5", "9007199254740993", "92233720368547758080", "-1", "1e2"]
    lines = "".join(f"cc,{number},2026-01-01,{cell}\n" for number, cell in enumerate(cells))
    company.deliver("contacts/x.csv", "source_system,contact_id,started_at,wait_seconds\n" + lines)
    company.load()
    assert company.rows("select wait_seconds from raw.contacts order by 1") == [(1,), (2,), (9007199254740993,)]
    assert [(line, reason) for line, _, reason in company.reasons()] == [
        (4, "not_an_integer"), (6, "not_an_integer"), (7, "out_of_range"), (8, "not_an_integer"),
    ]  # fmt: skip


def test_booleans_lists_and_signed_points(new_company):
    company = new_company("loyalty_events")
    head = "source_system,event_id,event_type,occurred_at,points,is_rewarded\n"
    rows = [
        "a,1,Earn,2026-01-01,5,是",
        "a,2,adjust,2026-01-01,-5,NO",
        "a,3,earn,2026-01-01,-5,1",
        "a,4,gift,2026-01-01,1,0",
        "a,5,earn,2026-01-01,1,maybe",
    ]
    company.deliver("loyalty_events/x.csv", head + "\n".join(rows))
    company.load()
    assert company.rows("select event_type, points, is_rewarded from raw.loyalty_events order by event_id") == [
        ("earn", Decimal(5), True), ("adjust", Decimal(-5), False),
    ]  # fmt: skip
    assert company.reasons() == [
        (4, "points", "out_of_range"),
        (5, "event_type", "not_in_list"),
        (6, "is_rewarded", "not_a_boolean"),
    ]


def test_own_time_format(shop):
    shop.deliver("orders/x.csv", f"{ORDERS}pos,1,05/01/2026 10:15,1,\npos,2,2026-01-05,1,\n")
    shop.load(formats={"orders": "%d/%m/%Y %H:%M"})
    assert shop.rows("select ordered_at from raw.orders order by order_id") == [
        (datetime(2026, 1, 5, 2, 15),),
        (datetime(2026, 1, 4, 16),),
    ]


def test_summer_time(shop):
    shop.deliver(
        "orders/x.csv",
        f"{ORDERS}pos,gap,2026-03-08 02:30:00,1,\npos,overlap,2025-11-02 01:30:00,1,\npos,summer,2025-07-01 12:00,1,\npos,winter,2026-01-01 12:00,1,\n",
    )
    shop.load(timezone="America/New_York")
    assert dict(shop.rows("select order_id, ordered_at from raw.orders")) == {
        "gap": datetime(2026, 3, 8, 7, 30), "overlap": datetime(2025, 11, 2, 6, 30),
        "summer": datetime(2025, 7, 1, 16), "winter": datetime(2026, 1, 1, 17),
    }  # fmt: skip
    assert shop.rows("select current_setting('TimeZone')") == [("UTC",)]


def test_a_month_edge_in_shanghai(new_company):
    company = new_company("orders", "org_units")
    company.deliver("orders/x.csv", f"{ORDERS}pos,1,2026-01-31T23:30:00Z,1,\n")
    company.deliver(
        "org_units/x.csv", "org_unit_id,valid_from,kind\na,2026-01-31T23:30:00Z,store\nb,2024-02-29,store\n"
    )
    company.load(as_of=datetime(2026, 7, 1, tzinfo=UTC))
    assert company.rows("select ordered_at from raw.orders") == [(datetime(2026, 1, 31, 23, 30),)]
    assert company.rows("select org_unit_id, valid_from from raw.org_units order by 1") == [
        ("a", date(2026, 2, 1)),
        ("b", date(2024, 2, 29)),
    ]
