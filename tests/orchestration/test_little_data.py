"""Every dataset is optional: who delivers little gets little, and no error."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from tests.conftest import AS_OF, CompanyRun

Run = Callable[[Path, datetime], Path]


def test_only_customers_give_profiles_and_empty_kpis(run_pipeline: Run, tmp_path: Path) -> None:
    file = tmp_path / "landing" / "customers" / "crm.csv"
    file.parent.mkdir(parents=True)
    file.write_text(
        "source_system,source_customer_id,full_name,phone\n"
        "crm,0001,王小明,13912345678\npos,77,王小明,+86 139 1234 5678\ncrm,0002,李雷,13987654321\n",
        encoding="utf-8",
    )
    published = run_pipeline(tmp_path, AS_OF)
    people = pq.read_table(published / "profiles" / "customer_identities.parquet").to_pylist()
    assert {(row["source_customer_id"], row["customer_key"]) for row in people} == {
        ("0001", "crm|0001"),
        ("77", "crm|0001"),
        ("0002", "crm|0002"),
    }
    assert pq.read_table(published / "kpi_values.parquet").num_rows == 0
    assert pq.read_table(published / "kpis.parquet").num_rows > 0


def test_nothing_at_all_publishes_too(empty_run: CompanyRun) -> None:
    assert pq.read_table(empty_run.published / "scorecards.parquet").num_rows == 0
    assert pq.read_table(empty_run.published / "org_units.parquet").to_pylist()[0]["org_unit_id"] == "company"
