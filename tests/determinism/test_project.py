"""The lint over the project itself, and its way back from a compiled line to the file where somebody wrote it."""

import shutil
from pathlib import Path

from orchestration import dbt
from orchestration.folders import DBT_PROJECT
from tests.conftest import CompanyRun
from tests.determinism.__main__ import main, refused
from tests.determinism.compiled import keys_in_reach, written
from tests.determinism.words import refused_words


def node(name: str) -> dict:
    return next(node for node in dbt.manifest()["nodes"].values() if node["name"] == name)


def test_nothing_is_refused(empty_run: CompanyRun, tmp_path: Path) -> None:
    shutil.copytree(empty_run.data / "warehouse", tmp_path / "warehouse")
    found = refused(tmp_path)
    assert not found, "\n" + "\n".join(found)


def test_a_line_is_named_where_it_was_written() -> None:
    root = (DBT_PROJECT / "models" / "facts" / "unit_root.sql").read_text(encoding="utf-8")
    lines = {
        "models/facts/unit_root.sql": root.splitlines()[-1],
        "macros/intervals.sql": "    when sum_xx = sum_x then cast(sum_x as double)",
    }
    for place, line in lines.items():
        number = (DBT_PROJECT / place).read_text(encoding="utf-8").splitlines().index(line) + 1
        assert written(node("unit_root"), f"select\n{line}", 2) == f"dbt_project/{place}:{number}"
    made = written(node("unit_root"), "select\n    now() as made_by_jinja", 2)
    assert made == "dbt_project/models/facts/unit_root.sql:1 (compiled line 2: now() as made_by_jinja)"


def test_a_message_names_place_words_and_remedy() -> None:
    [finding] = refused_words("select now() as x")
    assert finding.at("models/x.sql:1") == "models/x.sql:1: `now()` reads a clock; take as_of from settings"


def test_keys_come_from_the_contract_through_staging() -> None:
    assert frozenset(("source_system", "order_id")) in keys_in_reach(dbt.manifest(), node("order_days"))
    assert frozenset(("kpi_id", "org_unit_id", "period_start")) in keys_in_reach(dbt.manifest(), node("kpi_signals"))


def test_without_a_build_it_says_what_to_run(tmp_path: Path, capsys) -> None:
    assert main(tmp_path) == 2
    assert f"LOYALTY_DATA={tmp_path} loyalty run" in capsys.readouterr().err
