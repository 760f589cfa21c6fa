"""Whoever opens an export runs nothing and learns of nobody."""

import json
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard_app.exports import collect
from scorecard_app.exports.document import document
from scorecard_app.exports.flat import escaped, methods_csv, scorecards_csv, unescaped
from scorecard_app.exports.workbook import workbook
from scorecard_app.published import Published, resolve
from tests.conftest import CompanyRun
from tests.scorecard_app.exports.conftest import read_csv, read_xlsx

BOTH = ("en", "zh")
ATTACKS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x","y")', "'=1", "#REF!", "\x07bell"]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_names_stay_text_everywhere(hostile, attack: str) -> None:
    literal = attack.replace("'", "''")
    hostile("org_units", f"update org_units set name_en = '{literal}', name_zh = '{literal}' where org_unit_id = 'cs'")
    hostile("kpis", f"update kpis set label_en = '{literal}', definition_en = '{literal}' where kpi_id = 'csat_t2b'")
    root = hostile("labels", f"update labels set zh = '{literal}' where code in ('met', 'uncertain', 'missed')")
    report = collect(Published(resolve(root)), "2025-Q2")

    rows = read_csv(scorecards_csv(report, BOTH)) + read_csv(methods_csv(report, BOTH))
    texts = [text for row in rows for text in row.values()]
    assert attack in {unescaped(text) for text in texts}
    for text in texts:
        assert not text.startswith(("=", "+", "@", "\t", "\r", "\n", "＝")) and (text[:1] != "-" or float(text) < 0)

    content = workbook(report)
    shown = attack.replace("\x07", "\ufffd").replace("\r", "\n")  # XML knows one line end
    found = [
        cell for sheet in read_xlsx(content) for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert {cell.data_type for cell in found} == {"s", "n"}
    assert all(cell.quotePrefix for cell in found if cell.data_type == "s")
    assert any(str(cell.value).replace("\r", "\n").startswith(shown) for cell in found)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not [name for name in archive.namelist() if "externalLink" in name or "vba" in name]
    assert len(sheets) == 3 and not any(
        b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet for sheet in sheets
    )

    assert {unit["unit_en"] for unit in json.loads(document(report))["scorecards"]} >= {attack}


def test_a_target_for_a_kpi_that_does_not_exist_is_safe_too(hostile) -> None:
    root = hostile(
        "scorecards", "update scorecards set kpi_id = '=1+1' where kpi_id = 'csat_t2b' and org_unit_id = 'cs'"
    )
    report = collect(Published(resolve(root)), "2025-Q2")
    assert "'=1+1" in {row["kpi_id"] for row in read_csv(scorecards_csv(report, BOTH))}
    assert not [c for s in read_xlsx(workbook(report)) for row in s.iter_rows() for c in row if c.data_type == "f"]


@given(st.text())
def test_an_escaped_text_reads_back(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_an_ampersand_in_the_companys_name_is_no_print_code(own_root: Path) -> None:
    manifest = (own_root / "published" / "current").resolve() / "manifest.json"
    content = json.loads(manifest.read_text())
    content["configuration"]["settings"]["name"] = "Cloud &Pine"
    manifest.write_text(json.dumps(content))
    book = read_xlsx(workbook(collect(Published(resolve(own_root)), "2025-Q2")))
    assert book.worksheets[0].oddFooter.left.text.startswith("Cloud &&Pine")
    assert str(book.worksheets[0]["A1"].value).startswith("Cloud &Pine")


def test_nobody_is_in_any_export(demo_run: CompanyRun) -> None:
    """No customer's or record's id, no name, phone, e-mail, card or address of the demo company's people."""
    quarter = next(start for start, complete in Published(demo_run.published).periods("quarter").items() if complete)
    report = collect(Published(demo_run.published), f"{quarter.year}-Q{(quarter.month + 2) // 3}")
    with zipfile.ZipFile(BytesIO(workbook(report))) as archive:
        written = b"".join(archive.read(name) for name in archive.namelist())
    texts = (written + document(report) + scorecards_csv(report, BOTH) + methods_csv(report, BOTH)).decode()
    people = _people(demo_run)
    assert len(people) > 5_000
    assert not [value for value in people if value in texts]


def _people(run: CompanyRun) -> set[str]:
    """Whatever names a person: from the profiles and from what landed; short and everyday words left out."""
    with duckdb.connect() as connection:
        ids = connection.execute(
            "select customer_id, customer_key, source_customer_id from read_parquet($f)",
            {"f": str(run.published / "profiles" / "customer_identities.parquet")},
        ).fetchall()
        connection.execute(f"attach '{run.data / 'warehouse' / 'loyalty.duckdb'}' as warehouse (read_only)")
        landed = connection.execute(
            "select full_name, phone, email, loyalty_card_no, external_id, address from warehouse.raw.customers"
        ).fetchall()
    values = {str(value).strip() for row in [*ids, *landed] for value in row if value}
    return {value for value in values if len(value) >= (3 if any(ord(sign) > 0x2E80 for sign in value) else 7)}


def test_profiles_are_never_opened(sample_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("scorecard_app.published.check", lambda path, sha256: opened.append(path.name))
    collect(Published(resolve(sample_root)), "2025-Q2")
    assert opened and "customer_identities.parquet" not in opened


def test_a_value_of_a_type_nobody_expects_is_an_error() -> None:
    from openpyxl import Workbook

    from scorecard_app.exports.sheets import put

    book = Workbook()
    with pytest.raises(TypeError, match="list"):
        put(book.worksheets[0]["A1"], ["=1"])
    put(book.worksheets[0]["A2"], date(2026, 1, 1))
    assert book.worksheets[0]["A2"].data_type == "d"
