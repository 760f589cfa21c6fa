"""dbt's unit tests beside the models, and what must hold for the project as a whole."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from orchestration import dbt
from orchestration.folders import DBT_PROJECT
from tests.conftest import CompanyRun

MODELS = DBT_PROJECT / "models"
# what is made of all KPIs, or stands beside one
KPI_TABLES = {
    *("kpi_cells", "kpi_durations", "kpi_hidden_cells", "kpi_rules", "complaint_controls_beside"),
    *("pilot_rows", "pilot_others"),
}


def test_unit_tests_pass(empty_run: CompanyRun, tmp_path: Path) -> None:
    shutil.copytree(empty_run.data / "warehouse", tmp_path / "warehouse")
    places = [
        "--project-dir",
        str(DBT_PROJECT),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(tmp_path / "target"),
    ]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "test", "--select", "test_type:unit", *places],
        cwd=DBT_PROJECT,
        env={**os.environ, "LOYALTY_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    declared = [test["name"] for test in dbt.manifest()["unit_tests"].values()]
    passed = re.search(r"PASS=([0-9]+) ", done.stdout)
    assert passed and int(passed[1]) == len(declared) >= 5


def test_every_kpi_has_its_twin_and_stands_in_the_union() -> None:
    folder = MODELS / "kpis"
    twins = {path.stem for path in folder.glob("*.yml")}
    written = {path.stem for path in folder.glob("*.sql")} - KPI_TABLES
    listed = set(
        re.findall(r"^    '([a-z0-9_]+)',$", (DBT_PROJECT / "macros" / "kpi_cells.sql").read_text(), re.MULTILINE)
    )
    catalogued = {
        node["name"] for node in dbt.manifest()["nodes"].values() if "kpi" in (node["config"].get("meta") or {})
    }
    assert written == twins == listed == catalogued


def test_every_kpi_says_everything_in_both_languages() -> None:
    words = ("label", "definition", "role", "limitation", "misuse")
    for node in dbt.manifest()["nodes"].values():
        kpi = (node["config"].get("meta") or {}).get("kpi")
        if kpi:
            for word in words:
                assert kpi[f"{word}_en"].strip(), (node["name"], word)
                assert re.search("[一-鿿]", kpi[f"{word}_zh"]), (node["name"], word)


def test_a_changed_definition_says_since_when() -> None:
    for node in dbt.manifest()["nodes"].values():
        kpi = (node["config"].get("meta") or {}).get("kpi")
        if kpi:
            since = kpi.get("definition_since")
            assert (since is None) == (kpi["definition_version"] == 1), node["name"]
            assert since is None or re.fullmatch(r"\d{4}-\d\d-01", str(since)), node["name"]


def test_published_columns_are_the_promised_ones() -> None:
    """Names that others rely on: they change only with a line in CHANGELOG.md."""
    promised = {
        "kpis": "kpi_id label_en label_zh definition_en definition_zh role_en role_zh limitation_en limitation_zh unit scale "
        "offset adds direction functions interval floor_basis shown_floor scored_floor matures_after_days definition_version "
        "is_guardrail duration_unit company_place definition_since",
        "org_units": "org_unit_id parent_org_unit_id kind function name_en name_zh depth",
        "kpi_values": "kpi_id org_unit_id period_kind period_start slice_dimension slice_value n numerator denominator value "
        "ci_low ci_high weak_share status",
        "scorecards": "org_unit_id period_kind period_start kpi_id measured_org_unit_id basis value n ci_low ci_high threshold "
        "target stretch weight attainment verdict rag reason",
        "department_scores": "org_unit_id period_kind period_start score scored_weight rag reason",
        "data_quality": "dataset delivery path received_at status received loaded superseded duplicate quarantined reason",
        "labels": "code en zh",
    }
    nodes = {node["name"]: node for node in dbt.manifest()["nodes"].values() if node["resource_type"] == "model"}
    for table, columns in promised.items():
        assert nodes[table]["config"]["contract"]["enforced"]
        assert list(nodes[table]["columns"]) == columns.split(), table
