"""Tables taken away from a page: text stays text in CSV and XLSX, figures keep their decimals."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from scorecard_app.exports.flat import unescaped
from scorecard_app.exports.sheets import HEAD
from scorecard_app.exports.tables import Sheet, table_csv, table_xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1", "=cmd|' /C calc'!A0", "plain", "中文"]


def sheet(rows: Sequence[Sequence[object]], columns: list[str]) -> Sheet:
    return Sheet("A [title]: with/signs", ["Acme", "Q1"], columns, [list(row) for row in rows])


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_is_never_a_formula(text: str) -> None:
    content = sheet([[text, 1.5]], ["=Name", "Value"])
    (head, row) = list(csv.reader(io.StringIO(table_csv(content).decode("utf-8-sig"))))
    assert not row[0].startswith(("=", "+", "-", "@", "\t")) and unescaped(row[0]) == text and row[1] == "1.5"
    assert head[0] == "'=Name"
    cells = load_workbook(io.BytesIO(table_xlsx(content))).active
    for cell in (cells.cell(HEAD, 1), cells.cell(HEAD + 1, 1)):
        assert cell.data_type == "s" and cell.quotePrefix
    assert cells.cell(HEAD + 1, 1).value == text and cells.cell(HEAD + 1, 2).value == 1.5


def test_every_kind_of_value_survives() -> None:
    row = [None, True, Decimal("2.50"), date(2026, 7, 1), datetime(2026, 7, 1, 8, 30, tzinfo=UTC), 0.1 + 0.2, 12]
    content = sheet([row], [f"c{place}" for place in range(len(row))])
    flat = list(csv.reader(io.StringIO(table_csv(content).decode("utf-8-sig"))))[1]
    assert flat == ["", "true", "2.5", "2026-07-01", "2026-07-01 08:30", "0.30000000000000004", "12"]
    cells = load_workbook(io.BytesIO(table_xlsx(content))).active
    assert [cells.cell(HEAD + 1, at).value for at in (2, 3, 6, 7)] == ["true", 2.5, pytest.approx(0.3, rel=1e-15), 12]


def test_an_empty_table_is_a_file_too() -> None:
    assert table_csv(sheet([], ["a", "b"])).decode("utf-8-sig") == "a,b\r\n"
    assert load_workbook(io.BytesIO(table_xlsx(sheet([], ["a"])))).active.cell(HEAD, 1).value == "a"
