"""The command `loyalty` as a person or a script meets it: exit status, help, JSON, errors that name the remedy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import main
from tests.conftest import CompanyRun

LOYALTY = str(Path(sys.executable).with_name("loyalty"))


def loyalty(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LOYALTY, *arguments], env={**os.environ, "LOYALTY_DATA": str(data)}, capture_output=True, text=True
    )


def test_help_everywhere(tmp_path: Path) -> None:
    listed = loyalty(tmp_path, "--help").stdout
    for name, command in main.commands.items():
        assert f"  {name} " in listed
        said = CliRunner().invoke(main, [name, "--help"])
        assert said.exit_code == 0 and " ".join((command.help or "?").split(".")[0].split()) in " ".join(
            said.output.split()
        )


@pytest.mark.parametrize("arguments", [["nonsense"], ["run", "--as-of", "yesterday"], ["check", "/no/such/file.csv"]])
def test_wrong_usage_is_2(tmp_path: Path, arguments: list[str]) -> None:
    assert loyalty(tmp_path, *arguments).returncode == 2


def test_a_bad_company_yml_is_2_and_names_the_key(tmp_path: Path) -> None:
    (tmp_path / "company.yml").write_text("max_quarantine_share: 3\n")
    done = loyalty(tmp_path, "run")
    assert done.returncode == 2
    assert "company.yml" in done.stderr and "max_quarantine_share" in done.stderr


def test_check_says_what_would_be_refused(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(
        "source_system,order_id,ordered_at,net_amount,status\n"
        "pos,1,2026-01-02T10:00:00+08:00,10.50,completed\n"
        "pos,2,31/01/2026,10.50,completed\n"
        "pos,3,2026-01-02T10:00:00+08:00,#REF!,completed\n"
    )
    done = loyalty(tmp_path, "check", str(file), "--dataset", "orders", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert (report["received"], report["loaded"], report["quarantined"]) == (3, 1, 2)
    assert {(entry["line"], entry["column"]) for entry in report["refused"]} == {(3, "ordered_at"), (4, "net_amount")}
    assert "31/01/2026" not in done.stdout, "a value must not leave the file"
    file.write_text(file.read_text().splitlines()[0] + "\npos,1,2026-01-02T10:00:00+08:00,10.50,completed\n")
    assert loyalty(tmp_path, "check", str(file), "--dataset", "orders").returncode == 0


def test_templates_pass_their_own_check(tmp_path: Path) -> None:
    assert loyalty(tmp_path, "templates", str(tmp_path / "templates")).returncode == 0
    written = sorted(path.name for path in (tmp_path / "templates").iterdir())
    assert "orders.csv" in written and "targets.xlsx" in written and "contract.zh.md" in written


def test_scorecards_before_anything_is_published(tmp_path: Path) -> None:
    done = loyalty(tmp_path, "scorecards")
    assert done.returncode == 1 and "loyalty run" in done.stderr


def test_scorecards_of_the_demo_company(demo_run: CompanyRun) -> None:
    content = json.loads(loyalty(demo_run.data, "scorecards", "--json").stdout)
    assert content["demo"] is True and content["version"] == demo_run.published.name
    assert len(content["scorecards"]) > 8
    english = loyalty(demo_run.data, "scorecards", "--unit", content["scorecards"][0]["org_unit_id"]).stdout
    chinese = loyalty(demo_run.data, "scorecards", "--lang", "zh").stdout
    assert "Relationship NPS" in english and "关系净推荐值" in chinese
    assert loyalty(demo_run.data, "scorecards", "--unit", "nobody").returncode == 2


def test_quarantine_lists_and_dismisses(demo_run: CompanyRun) -> None:
    entries = json.loads(loyalty(demo_run.data, "quarantine", "--json").stdout)
    assert entries and all(entry["path"] and entry["sentence"] and entry["how_to_clear"] for entry in entries)
    assert not any("raw_text" in entry for entry in entries)
    assert loyalty(demo_run.data, "quarantine", "--dismiss", entries[0]["delivery"]).returncode == 2


def test_demo_refuses_a_company_of_ones_own_and_run_refuses_a_mixture(tmp_path: Path) -> None:
    own = tmp_path / "landing" / "orders" / "mine.csv"
    own.parent.mkdir(parents=True)
    own.write_text("source_system,order_id,ordered_at,net_amount\n")
    done = loyalty(tmp_path, "demo", "--customers", "30", "--months", "2")
    assert done.returncode == 2 and "mine.csv" in done.stderr
    assert loyalty(tmp_path, "demo", "--if-empty").returncode == 0
    own.unlink()
    assert loyalty(tmp_path, "demo", "--customers", "30", "--months", "2").returncode == 0
    own.write_text("source_system,order_id,ordered_at,net_amount\n")
    done = loyalty(tmp_path, "run")
    assert done.returncode == 2 and "loyalty demo --remove" in done.stderr
    assert "removed " in loyalty(tmp_path, "demo", "--remove").stdout
    assert "holds no demo company; nothing was removed" in loyalty(tmp_path, "demo", "--remove").stdout
    assert own.exists() and not list((tmp_path / "landing" / "customers").glob("*"))
