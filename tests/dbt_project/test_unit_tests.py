"""dbt's unit tests beside the models, run on an empty warehouse; and what holds for the project as a whole."""

import os
import re
import subprocess
import sys
from pathlib import Path

from orchestration import dbt
from orchestration.folders import DBT_PROJECT, DataFolder
from orchestration.landing.contract import load_contract
from orchestration.landing.tables import create_tables
from orchestration.warehouse import connect


def test_unit_tests_pass(tmp_path: Path) -> None:
    contract = load_contract(dbt.ensure_manifest())
    folder = DataFolder(tmp_path / "data").create()
    with connect(folder.database) as warehouse:
        create_tables(warehouse, contract)
    arguments = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(tmp_path)]
    command = [str(Path(sys.executable).with_name("dbt")), "build", "--select", "+test_type:unit", *arguments]
    done = subprocess.run(
        command, cwd=DBT_PROJECT, env={**os.environ, "LOYALTY_DATA": str(folder.root)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert re.search(r"unit tests", done.stdout), "no unit test ran"
