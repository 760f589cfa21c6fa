"""The contract is complete, bilingual and read the same way by dbt."""

import json
import shutil

import pytest

from orchestration.errors import ConfigurationError
from orchestration.folders import DBT_PROJECT
from orchestration.landing.contract import DATA_TYPES, load_contract
from orchestration.landing.reasons import REASONS
from orchestration.landing.templates import csv_template, markdown, write_templates

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
REQUIRED_BEYOND_KEYS = {
    "orders": {"ordered_at", "net_amount"},
    "contacts": {"started_at"},
    "cases": {"kind", "opened_at"},
    "survey_responses": {"responded_at"},
    "loyalty_events": {"event_type", "occurred_at"},
    "org_units": {"kind"},
}


def test_every_dataset_is_described_completely(contract):
    assert sorted(contract.datasets) == sorted(DATASETS)
    for dataset in contract.datasets.values():
        assert dataset.description.endswith(".") and dataset.description_zh.endswith("。"), dataset.name
        assert {"updated_at", "withdrawn"} <= set(dataset.names)
        for column in dataset.columns:
            assert column.data_type in DATA_TYPES
            assert column.description.endswith(".") and column.description_zh.endswith("。"), (
                dataset.name,
                column.name,
            )
            assert any("\u4e00" <= mark <= "\u9fff" for mark in column.description_zh), (dataset.name, column.name)


def test_required_are_the_keys_and_what_the_design_names(contract):
    for dataset in contract.datasets.values():
        required = {column.name for column in dataset.columns if column.required}
        assert required == set(dataset.key) | REQUIRED_BEYOND_KEYS.get(dataset.name, set()), dataset.name


def test_event_times_are_times(contract):
    for dataset in contract.datasets.values():
        if dataset.event_time:
            assert dataset.column(dataset.event_time).data_type == "timestamp"


def test_dbt_reads_the_same_contract(contract, tmp_path):
    from dbt.cli.main import dbtRunner

    shutil.copytree(DBT_PROJECT / "models" / "landing", tmp_path / "models" / "landing")
    (tmp_path / "dbt_project.yml").write_text("name: loyalty\nversion: '1.0'\nprofile: loyalty\n")
    (tmp_path / "profiles.yml").write_text("loyalty: {target: t, outputs: {t: {type: duckdb}}}")
    result = dbtRunner().invoke(["--quiet", "parse", "--project-dir", str(tmp_path), "--profiles-dir", str(tmp_path)])
    assert result.success
    assert load_contract(tmp_path / "target" / "manifest.json") == contract


def test_fingerprint_follows_rules_not_words(contract, tmp_path):
    from tests.landing.conftest import manifest_of_yaml

    manifest = manifest_of_yaml()
    orders = manifest["sources"]["source.loyalty.raw.orders"]
    file = tmp_path / "manifest.json"
    orders["description"] = "Another sentence."
    file.write_text(json.dumps(manifest))
    assert load_contract(file).fingerprint() == contract.fingerprint()
    orders["columns"]["status"]["config"]["meta"]["accepted"].append("lost")
    file.write_text(json.dumps(manifest))
    assert load_contract(file).fingerprint() != contract.fingerprint()


def test_a_broken_contract_names_the_column(tmp_path):
    from tests.landing.conftest import manifest_of_yaml

    manifest = manifest_of_yaml()
    manifest["sources"]["source.loyalty.raw.orders"]["columns"]["status"]["data_type"] = "text"
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(manifest))
    with pytest.raises(ConfigurationError, match=r"orders\.status has data_type 'text'"):
        load_contract(file)
    with pytest.raises(ConfigurationError, match="missing"):
        load_contract(tmp_path / "none.json")


def test_templates_and_docs_follow_the_contract(contract, tmp_path):
    import openpyxl

    written = write_templates(contract, tmp_path)
    assert len([file for file in written if file.suffix == ".csv"]) == len(DATASETS)
    header = next(
        openpyxl.load_workbook(tmp_path / "targets.xlsx").worksheets[0].iter_rows(max_row=1, values_only=True)
    )
    assert header == contract.datasets["targets"].names
    for dataset in contract.datasets.values():
        assert csv_template(dataset).strip().split(",") == list(dataset.names)
        for language in ("en", "zh"):
            assert all(f"| {name} |" in markdown(dataset, language) for name in dataset.names)


def test_every_reason_has_words_in_both_languages():
    for code, reason in REASONS.items():
        assert reason.level in ("file", "row", "cell", "set"), code
        assert reason.en.endswith(".") and reason.remedy_en.endswith("."), code
        assert reason.zh.endswith("。") and reason.remedy_zh.endswith("。"), code
