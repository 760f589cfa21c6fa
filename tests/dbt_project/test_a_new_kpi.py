"""Adding a KPI takes two files and one line: tried with a throw-away KPI in a copy of the dbt project."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from orchestration.folders import DBT_PROJECT, REPOSITORY
from orchestration.handbook import write_handbook
from tests.conftest import CompanyRun

SQL = """-- Orders that are worth a thousand or more. Grain: one row per order that counts.
select
    customer_no,
    sampling_unit,
    is_weak,
    order_day as event_day,
    order_day as path_day,
    org_unit_id,
    channel,
    1 as x,
    case when net_sales >= 1000 then 1 else 0 end as y
from {{ ref('orders') }}
where is_counting
"""


def test_two_files_and_one_line(demo_run: CompanyRun, tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs", "__pycache__"))
    (tmp_path / "warehouse").mkdir()
    shutil.copy(demo_run.data / "warehouse" / "loyalty.duckdb", tmp_path / "warehouse")

    twin = (project / "models" / "kpis" / "promo_dependence.yml").read_text(encoding="utf-8")
    twin = twin.replace("promo_dependence", "large_orders").replace("Promotion dependence", "Large orders")
    twin = twin.replace("decimal(18,4)", "integer").replace("interval: ratio", "interval: wilson")
    (project / "models" / "kpis" / "large_orders.yml").write_text(twin, encoding="utf-8")
    (project / "models" / "kpis" / "large_orders.sql").write_text(SQL, encoding="utf-8")
    union = project / "macros" / "kpi_cells.sql"
    words = union.read_text(encoding="utf-8")
    union.write_text(words.replace("    'new_to_repeat',\n", "    'large_orders',\n    'new_to_repeat',\n"))

    done = subprocess.run(
        [
            *(
                str(Path(sys.executable).with_name("dbt")),
                "run",
                "--select",
                "large_orders",
                "path:models/published/kpis.sql",
            ),
            *("--project-dir", str(project), "--profiles-dir", str(project), "--target-path", str(tmp_path / "target")),
        ],
        env={**os.environ, "LOYALTY_DATA": str(tmp_path), "PYTHONPATH": f"{project}{os.pathsep}{REPOSITORY}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-3000:]

    with duckdb.connect(str(tmp_path / "warehouse" / "loyalty.duckdb"), read_only=True) as warehouse:
        said = warehouse.execute("select label_en, adds, interval from kpis where kpi_id = 'large_orders'").fetchall()
        counted = warehouse.execute("select count(*), sum(y) from large_orders").fetchone()
        orders = warehouse.execute(
            "select count(*), count(*) filter (where net_sales >= 1000) from orders where is_counting"
        )
        assert said == [("Large orders", "flow", "wilson")]
        assert counted and counted == orders.fetchone() and counted[0] > 0
    manifest = json.loads((tmp_path / "target" / "manifest.json").read_text(encoding="utf-8"))
    # who computes its cells, and what the handbook says of it, follow by themselves
    for table in ("kpi_cells", "kpi_rules"):
        assert "model.loyalty.large_orders" in manifest["nodes"][f"model.loyalty.{table}"]["depends_on"]["nodes"]
    [english, _] = write_handbook(manifest, tmp_path / "handbook")
    assert 'id="large_orders"' in english.read_text(encoding="utf-8")
