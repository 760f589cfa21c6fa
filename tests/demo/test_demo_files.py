"""What the generator writes: all datasets, the contract's columns and words, references that resolve, the same bytes again."""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import demo_company
import pandas as pd
import pytest
from demo_reader import read_dataset

DATASETS = [
    "customers",
    "identifiers",
    "products",
    "orders",
    "order_lines",
    "returns",
    "contacts",
    "cases",
    "survey_questions",
    "survey_responses",
    "survey_invitations",
    "loyalty_events",
    "benefits",
    "business_actions",
    "campaign_exposures",
    "pilots",
    "pilot_assignments",
    "org_units",
    "employees",
    "targets",
    "employee_survey",
    "reviews",
    "exchange_rates",
    "field_notes",
]
Read = Callable[[str], pd.DataFrame]


def digests(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_arguments_give_the_same_bytes_and_another_seed_does_not(tmp_path: Path):
    for name in ("a", "b"):
        demo_company.generate(tmp_path / name, customers=120, months=4, seed=7)
    demo_company.generate(tmp_path / "c", customers=120, months=4, seed=8)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert digests(tmp_path / "a") != digests(tmp_path / "c")


def test_every_dataset_has_the_columns_of_the_contract(
    company: Path, dataset: Read, contract: dict[str, dict[str, Any]]
):
    assert {path.name for path in (company / "landing").iterdir()} == set(DATASETS) == set(contract)
    # Without employee_id and response_source_system the reference is complete too; the demo company leaves them out.
    optional = {"updated_at", "withdrawn", "response_source_system"}
    for name, table in contract.items():
        allowed = {column["name"] for column in table["columns"] if not column["name"].startswith("_")}
        have = set(dataset(name).columns) - {"_file"}
        assert have <= allowed, f"{name} has unknown columns {have - allowed}"
        missing = allowed - have - optional - ({"employee_id"} if name == "survey_invitations" else set())
        assert not missing, f"{name} lacks {missing}"
    assert {"updated_at"} <= set(dataset("orders").columns) and {"withdrawn"} <= set(dataset("returns").columns)


def test_closed_lists_hold_only_their_words(dataset: Read, contract: dict[str, dict[str, Any]]):
    checked = 0
    for name, table in contract.items():
        rows = dataset(name)
        for column in table["columns"]:
            words = column.get("config", {}).get("meta", {}).get("accepted")
            if words and column["name"] in rows:
                assert set(rows[column["name"]].dropna()) <= {str(word) for word in words}, (name, column["name"])
                checked += 1
    assert checked >= 15


def test_required_columns_are_filled(dataset: Read, contract: dict[str, dict[str, Any]]):
    for name, table in contract.items():
        for column in table["columns"]:
            meta = column.get("config", {}).get("meta", {})
            if meta.get("required") or column["name"] in table["config"]["meta"]["key"]:
                assert dataset(name)[column["name"]].notna().all(), (name, column["name"])


def test_formats_and_encodings_vary(company: Path):
    files = [path for path in (company / "landing").rglob("*") if path.is_file()]
    plain = [path.read_bytes() for path in files if path.suffix == ".csv"]
    assert any(content.startswith(b"\xef\xbb\xbf") for content in plain)
    assert any(b"\r\n" in content for content in plain)
    gb18030 = (company / "landing" / "customers").glob("pos_*.csv")
    with pytest.raises(UnicodeDecodeError):
        next(gb18030).read_bytes().decode("utf-8")
    assert any(path.name.endswith(".csv.gz") for path in files)
    assert any(".jsonl" in path.name for path in files)
    for name in ("targets", "org_units", "field_notes"):
        assert all(zipfile.is_zipfile(path) for path in (company / "landing" / name).iterdir())


def test_large_companies_deliver_events_as_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("demo_company.generator.LARGE", 300)
    result = demo_company.generate(tmp_path / "large", customers=300, months=4)
    assert min(result["traps"].values()) >= 1
    demo_company.generate(tmp_path / "small", customers=299, months=4)
    for name in ("orders", "order_lines", "contacts", "survey_responses", "loyalty_events"):
        endings = {path.suffix for path in (tmp_path / "large" / "landing" / name).iterdir()}
        assert ".parquet" in endings, name
        small = read_dataset(tmp_path / "small", name).drop(columns="_file")
        assert set(read_dataset(tmp_path / "large", name).columns) >= set(small.columns)


def keys(rows: pd.DataFrame, system: str, name: str) -> set[tuple[str, str]]:
    return set(zip(rows[system], rows[name], strict=True))


def references(rows: pd.DataFrame, system: str, name: str) -> set[tuple[str, str]]:
    named = rows[rows[name].notna()]
    return keys(named.assign(_system=named[system].fillna(named["source_system"])), "_system", name)


def test_references_resolve(dataset: Read):
    orders = keys(dataset("orders"), "source_system", "order_id")
    cases = keys(dataset("cases"), "source_system", "case_id")
    customers = keys(dataset("customers"), "source_system", "source_customer_id")
    assert keys(dataset("order_lines"), "source_system", "order_id") <= orders
    for name in ("returns", "cases", "survey_responses", "loyalty_events"):
        assert references(dataset(name), "order_source_system", "order_id") <= orders, name
    for name in ("contacts", "survey_responses"):
        assert references(dataset(name), "case_source_system", "case_id") <= cases, name
    for name in ("orders", "contacts", "cases", "survey_responses", "survey_invitations", "loyalty_events"):
        assert references(dataset(name), "customer_source_system", "source_customer_id") <= customers, name
    for name in ("identifiers", "campaign_exposures", "pilot_assignments"):
        assert keys(dataset(name), "source_system", "source_customer_id") <= customers, name
    units, staff = set(dataset("org_units")["org_unit_id"]), set(dataset("employees")["employee_id"])
    for name in ("orders", "contacts", "cases", "survey_responses"):
        assert set(dataset(name)["org_unit_id"].dropna()) <= units
        assert set(dataset(name)["employee_id"].dropna()) <= staff
    assert set(dataset("targets")["org_unit_id"]) <= units
    assert set(dataset("orders")["campaign_id"].dropna()) <= set(dataset("business_actions")["action_id"])
    assert set(dataset("survey_responses")["question_code"]) <= set(dataset("survey_questions")["question_code"])
    assert set(dataset("order_lines")["product_id"]) <= set(dataset("products")["product_id"])


def test_keys_repeat_only_where_it_was_planted(dataset: Read, contract: dict[str, dict[str, Any]]):
    replayed = {"orders": "resent|corrections|replay", "survey_responses": "rescored", "customers": "crm_customers"}
    for name, table in contract.items():
        rows = dataset(name)
        key = table["config"]["meta"]["key"]
        kept = rows[~rows["_file"].str.contains(replayed[name])] if name in replayed else rows
        repeated = kept[kept.duplicated(key, keep=False)]
        if name == "cases":  # delivered when opened, and again when changed
            assert not repeated.duplicated([*key, "updated_at"]).any()
        elif name == "orders":  # identical rows that overlap
            written = [
                column for column in rows if column == "_file" or column.endswith("_at")
            ]  # in each file's own style
            assert repeated.drop(columns=written).drop_duplicates().groupby(key).size().eq(1).all()
        else:
            assert repeated.empty, name


def test_order_lines_add_up_to_their_order(dataset: Read):
    last = dataset("orders")[dataset("orders")["_file"].str.contains("corrections")]
    lines = dataset("order_lines").assign(net=lambda rows: rows["net_amount"].astype(float))
    sums = lines.groupby(["source_system", "order_id"])["net"].sum()
    for row in last.itertuples():
        assert sums[(row.source_system, row.order_id)] == pytest.approx(float(row.net_amount))


def test_weights_add_up_to_a_hundred_in_every_quarter(dataset: Read):
    targets = dataset("targets")
    first = targets.sort_values("agreed_at").drop_duplicates(["org_unit_id", "kpi_id", "period_start"])
    assert (
        first.assign(w=first["weight"].astype(float)).groupby(["org_unit_id", "period_start"])["w"].sum().eq(100).all()
    )
    assert set(first["org_unit_id"]) >= {"HQ", "MKT", "SAL", "PRD", "CS", "STO", "ECM", "LOY"}


@pytest.mark.parametrize("customers, months", [(20, 1), (50, 3), (60, 13)])
def test_small_sizes_work_and_hold_every_trap(tmp_path: Path, customers: int, months: int):
    result = demo_company.generate(tmp_path, customers=customers, months=months)
    absent = {name for name, count in result["traps"].items() if count < 1}
    # One month alone has no month after it and no other month than that of the outage, and perhaps no order online.
    assert absent <= ({"late_delivery", "repeated_row", "tiny_department", "guest_checkout"} if months == 1 else set())
    assert {path.name for path in (tmp_path / "landing").iterdir()} >= {"orders", "customers", "targets", "org_units"}


def test_too_small_is_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="20 or more"):
        demo_company.generate(tmp_path, customers=5)
    with pytest.raises(ValueError, match="months"):
        demo_company.generate(tmp_path, customers=50, months=0)


def test_settings_are_written_once_and_understood(tmp_path: Path):
    from orchestration.settings import load_settings

    demo_company.generate(tmp_path, customers=50, months=3)
    settings = load_settings(tmp_path / "company.yml")
    assert settings.history_starts_on is not None and settings.history_starts_on.isoformat() == "2026-08-01"
    assert set(settings.channel_units) == {"webshop", "app", "miniprogram", "callcentre"}
    (tmp_path / "company.yml").write_text("name: mine\n", encoding="utf-8")
    demo_company.generate(tmp_path, customers=50, months=3)
    assert (tmp_path / "company.yml").read_text(encoding="utf-8") == "name: mine\n"
