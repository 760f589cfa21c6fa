"""README's promises are equal to the Makefile, the catalogue and the command line."""

import re
from pathlib import Path

from orchestration import dbt
from orchestration.catalogue import kpi_table, with_table
from orchestration.cli import main
from orchestration.folders import REPOSITORY
from orchestration.settings import Settings, settings_template

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_every_make_target_named_exists_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (REPOSITORY / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^    )make ([a-z]+)\b", README, re.MULTILINE))
    assert named <= targets
    assert {"run", "test", "app", "dev", "demo", "bench"} <= named


def test_every_command_named_exists() -> None:
    named = set(re.findall(r"`loyalty ([a-z]+)\b", README))
    assert named and named <= set(main.commands)


def test_the_kpi_table_is_the_catalogue() -> None:
    assert with_table(README, kpi_table(dbt.manifest())) == README, "renew it with: python -m orchestration.catalogue"


def test_links_and_pictures_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("http") or (REPOSITORY / target).exists(), target


def test_top_level_holds_only_what_belongs_there() -> None:
    import subprocess

    tracked = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    top = {Path(name).parts[0] for name in tracked.splitlines()}
    allowed = {
        "dbt_project",
        "orchestration",
        "scorecard_app",
        "tests",
        "data",
        "pyproject.toml",
        "README.md",
        "Makefile",
    }
    allowed |= {"LICENSE", "CHANGELOG.md", "requirements.lock", "requirements-dev.lock"}
    assert {name for name in top if not name.startswith(".")} == allowed


def test_locks_name_no_index_and_pin_every_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (REPOSITORY / lock).read_text()
        assert "://" not in text and "index-url" not in text
        pinned = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==", text, re.MULTILINE)
        assert len(pinned) > 100
        assert text.count("--hash=sha256:") >= len(pinned)


def test_every_setting_is_documented_and_the_template_is_valid(tmp_path: Path) -> None:
    from orchestration.settings import load_settings

    assert all(field.description for field in Settings.model_fields.values())
    template = tmp_path / "company.yml"
    template.write_text(settings_template(), encoding="utf-8")
    assert load_settings(template) == Settings()
    assert all(f"{name}:" in template.read_text() for name in Settings.model_fields)
