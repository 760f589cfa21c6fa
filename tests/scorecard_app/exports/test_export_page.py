"""The appraisal page: whose scorecards its files hold, that they are those of the command, and when there is none."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_pages import seen

from scorecard_app import exports
from scorecard_app.access.roles import COMPANY, Grant, Role, Viewer
from scorecard_app.gate import Scoped
from scorecard_app.published import Published, resolve
from tests.scorecard_app.exports.conftest import cells, read_csv, read_xlsx, table

JUNE = ("month", date(2025, 6, 1))


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What the page's buttons would send, by their keys, as a browser that clicks them gets it."""
    import streamlit as st

    found: dict[str, Callable[[], bytes]] = {}
    real = st.download_button

    def offered(label: str, data: Callable[[], bytes], *rest: Any, **more: Any) -> bool:
        found[str(more["key"])] = data
        return real(label, data, *rest, **more)

    monkeypatch.setattr(st, "download_button", offered)
    return found


@pytest.mark.parametrize("lang, expected", [
    ("en", ["Appraisal export", "loyalty export --period 2025-06", "Store operations", "Not frozen and not signed"]),
    ("zh", ["绩效导出", "loyalty export --period 2025-06", "门店运营部", "尚未冻结"]),
])  # fmt: skip
def test_the_page_says_what_is_in_the_files(
    sample_root: Path, visit: Callable[..., AppTest], lang: str, expected: list[str]
) -> None:
    words = seen(visit(sample_root, "appraisal", lang=lang, unit="sto", period="2025-06-01"))
    for text in expected:
        assert text in words, text
    assert "Customer service" not in words and "客服部" not in words


def test_the_files_hold_the_unit_and_what_is_below_it(
    sample_root: Path, visit: Callable[..., AppTest], files: dict[str, Callable[[], bytes]]
) -> None:
    visit(sample_root, "appraisal", lang="en", unit="sto", period="2025-06-01", appraisal_language="zh")
    wanted = {key: row for key, row in cells(resolve(sample_root), *JUNE).items() if key[0] in ("sto", "sto-2")}
    with zipfile.ZipFile(io.BytesIO(files["appraisal_csv"]())) as archive:
        assert archive.namelist() == ["scorecards.csv", "methods.csv"]
        rows = read_csv(archive.read("scorecards.csv"))
    assert {(row["org_unit_id"], row["kpi_id"]): row["value"] for row in rows} == {
        key: "" if row["value"] is None else repr(row["value"]) for key, row in wanted.items()
    }
    assert "unit_zh" in rows[0] and "unit_en" not in rows[0]
    nested = json.loads(files["appraisal_json"]())
    assert {unit["org_unit_id"] for unit in nested["scorecards"]} == {"sto", "sto-2"}
    book = read_xlsx(files["appraisal_xlsx"]())
    assert len(table(book, 1)) == len(wanted)
    assert not [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert files["appraisal_csv"]() == files["appraisal_csv"]()


def test_the_gate_cuts_what_a_file_may_hold(sample_root: Path) -> None:
    """A head of people for one branch exports that branch, with the company's name where a KPI is measured there."""
    published = Published(resolve(sample_root), everything=True)
    hr_of_marketing = Scoped(published, Viewer("x", (Grant(Role.HR, "mkt"),)))
    report = exports.collect(hr_of_marketing, "2025-06")
    assert [unit["org_unit_id"] for unit in report.units] == ["mkt"]
    assert {kpi["measured_unit_en"] for kpi in report.units[0]["kpis"]} == {"Acme Retail"}
    with pytest.raises(exports.UnknownUnit):
        exports.collect(hr_of_marketing, "2025-06", ["cs"])
    everything = Scoped(published, Viewer("y", (Grant(Role.HR, COMPANY),)))
    whole = exports.collect(everything, "2025-06")
    assert exports.packed(whole, "json", ("en",)) == exports.packed(
        exports.collect(published, "2025-06"), "json", ("en",)
    )


@pytest.mark.parametrize("choice, expected", [
    ({"period": "2025-07-01"}, "The period is still open"), ({"period": "2025-06-01", "unit": "loy"}, "No unit here has a scorecard"),
])  # fmt: skip
def test_without_a_scorecard_there_is_no_file(
    sample_root: Path,
    visit: Callable[..., AppTest],
    files: dict[str, Callable[[], bytes]],
    choice: dict[str, str],
    expected: str,
) -> None:
    assert expected in seen(visit(sample_root, "appraisal", lang="en", **choice)) and not files
