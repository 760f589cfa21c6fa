"""Into a folder and out of it again: what is marked, what is refused, what is left alone."""

import hashlib
import json
from pathlib import Path

import demo_company
import pytest


@pytest.fixture
def root(tmp_path: Path) -> Path:
    demo_company.write(tmp_path, customers=40, months=2)
    return tmp_path


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_every_file_is_marked(root: Path):
    mark = json.loads((root / "landing" / ".demo.json").read_text(encoding="utf-8"))
    assert {entry["path"] for entry in mark["files"]} == files(root) - {"landing/.demo.json"}
    assert demo_company.status(root) == "demo"


def test_empty_and_foreign_folders(tmp_path: Path):
    assert demo_company.status(tmp_path) == "empty"
    (tmp_path / "landing" / "orders").mkdir(parents=True)
    (tmp_path / "landing" / ".hidden").write_text("x", encoding="utf-8")
    assert demo_company.status(tmp_path) == "empty"
    (tmp_path / "landing" / "orders" / "mine.csv").write_text("order_id\n1\n", encoding="utf-8")
    assert demo_company.status(tmp_path) == "foreign"
    before = files(tmp_path)
    with pytest.raises(demo_company.ForeignFiles, match=r"landing/orders/mine\.csv"):
        demo_company.write(tmp_path, customers=40, months=2)
    assert files(tmp_path) == before


def test_mixed_is_seen_and_refused_but_the_demo_can_still_be_removed(root: Path):
    mine = root / "landing" / "orders" / "mine.csv"
    mine.write_text("order_id\n1\n", encoding="utf-8")
    assert demo_company.status(root) == "mixed"
    with pytest.raises(demo_company.ForeignFiles, match=r"mine\.csv"):
        demo_company.write(root, customers=40, months=2)
    demo_company.remove(root)
    assert files(root) == {"landing/orders/mine.csv"}
    assert demo_company.status(root) == "foreign"


def test_writing_again_replaces(root: Path):
    before = files(root)
    demo_company.write(root, customers=40, months=3)
    assert demo_company.status(root) == "demo"
    assert files(root) != before


def test_removing_leaves_nothing(root: Path):
    deleted = demo_company.remove(root)
    assert files(root) == set() and len(deleted) > 40
    assert not any(path.is_dir() for path in (root / "landing").glob("*"))
    assert demo_company.status(root) == "empty"
    assert demo_company.remove(root) == []


def test_a_changed_file_is_named_and_nothing_is_deleted(root: Path):
    changed = root / "landing" / "products" / "products.csv"
    changed.write_text(changed.read_text(encoding="utf-8") + "P99999,,,,\n", encoding="utf-8")
    before = files(root)
    assert demo_company.status(root) == "mixed"
    with pytest.raises(demo_company.ForeignFiles, match=r"landing/products/products\.csv"):
        demo_company.remove(root)
    assert files(root) == before


def test_the_users_settings_stay(tmp_path: Path):
    (tmp_path / "company.yml").write_text("name: mine\n", encoding="utf-8")
    demo_company.write(tmp_path, customers=40, months=2)
    demo_company.remove(tmp_path)
    assert files(tmp_path) == {"company.yml"}
    demo_company.write(tmp_path / "other", customers=40, months=2)
    settings = tmp_path / "other" / "company.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + "language: zh\n", encoding="utf-8")
    demo_company.remove(tmp_path / "other")
    assert settings.exists()


def test_an_interrupted_write_leaves_landing_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("demo_company.generator.deliver_targets", broken)
    with pytest.raises(RuntimeError):
        demo_company.write(tmp_path, customers=40, months=2)
    assert files(tmp_path) == set()
    assert demo_company.status(tmp_path) == "empty"


def test_an_unreadable_mark_is_named(root: Path):
    (root / "landing" / ".demo.json").write_text("{", encoding="utf-8")
    with pytest.raises(demo_company.ForeignFiles, match=r"\.demo\.json"):
        demo_company.status(root)


def test_another_demo_company_is_refused_where_a_run_took_in_the_first(root: Path):
    """A run keeps its own copy of every delivery: the files of landing alone don't decide whose folder this is."""
    for path in (root / "landing").rglob("*.csv"):
        taken = root / "deliveries" / path.parent.name / hashlib.sha256(path.read_bytes()).hexdigest() / "content"
        taken.parent.mkdir(parents=True, exist_ok=True)
        taken.write_bytes(path.read_bytes())
    before = files(root)
    with pytest.raises(demo_company.ForeignFiles, match=r"already taken in \d+ deliveries.*LOYALTY_DATA.*--remove"):
        demo_company.write(root, customers=40, months=3)
    assert files(root) == before and demo_company.status(root) == "demo"
    demo_company.write(root, customers=40, months=2)
    assert files(root) == before
