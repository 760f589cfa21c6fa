"""Into a folder and out of it again: what is marked, what is refused, what is left alone."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import demo_company
import pytest

MARKS = {"landing/.demo.json", "deliveries/.demo.json"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    demo_company.write(tmp_path, customers=40, months=2)
    return tmp_path


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def take_in(root: Path, of: str = "landing") -> None:
    """Keep copies of what lies in a folder's datasets, as a run does."""
    for path in (root / of).rglob("*.csv"):
        taken = root / "deliveries" / path.parent.name / hashlib.sha256(path.read_bytes()).hexdigest() / "content"
        taken.parent.mkdir(parents=True, exist_ok=True)
        taken.write_bytes(path.read_bytes())


def publish(root: Path, name: str, demo: bool, *deliveries: str) -> None:
    """A version on the shelf that is served, as far as it says whose it is."""
    manifest = root / "published" / name / "manifest.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"demo": demo, "deliveries": [{"sha256": sha} for sha in deliveries]}))
    (root / "published" / "current").unlink(missing_ok=True)
    (root / "published" / "current").symlink_to(name)


def note(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x", encoding="utf-8")


def test_every_file_is_marked(root: Path):
    for path in MARKS:
        mark = json.loads((root / path).read_text(encoding="utf-8"))
        assert {entry["path"] for entry in mark["files"]} == files(root) - MARKS
    assert demo_company.status(root) == "demo"
    assert (root / "deliveries").stat().st_mode & 0o077 == 0


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
    take_in(root)
    before = files(root)
    with pytest.raises(demo_company.ForeignFiles, match=r"already taken in \d+ deliveries.*LOYALTY_DATA.*--remove"):
        demo_company.write(root, customers=40, months=3)
    assert files(root) == before and demo_company.status(root) == "demo"
    demo_company.write(root, customers=40, months=2)
    assert files(root) == before


def test_what_was_taken_in_stays_known_whichever_folder_is_lost(root: Path):
    take_in(root)
    ours = demo_company.invented(root)
    shutil.rmtree(root / "landing")
    assert demo_company.status(root) == "demo" and demo_company.invented(root) == ours
    note(root, "landing/orders/mine.csv")
    assert demo_company.status(root) == "mixed", "the copies would be published with it"


def test_a_lost_folder_of_copies_leaves_landing_marked(root: Path):
    ours = demo_company.invented(root)
    shutil.rmtree(root / "deliveries")
    assert demo_company.status(root) == "demo" and demo_company.invented(root) == ours


def test_removing_takes_what_runs_made_and_leaves_what_is_ones_own(root: Path):
    take_in(root)
    publish(root, "v1", True, *demo_company.invented(root))
    publish(root, "v2", False)  # of a run before anything was delivered
    note(
        root,
        "state/identity/s",
        "packs/2026-Q1/hq.pdf",
        "quality/data_docs/x",
        "warehouse/loyalty.duckdb",
        "warehouse/.lock",
    )
    own = {"landing/orders/mine.csv", "access.yml", "app/store.sqlite"}
    note(root, *own)
    demo_company.remove(root)
    assert files(root) == own | {"warehouse/.lock"} and not list((root / "published").iterdir())
    assert demo_company.status(root) == "foreign" and not demo_company.invented(root)
    take_in(root)
    before = files(root)
    assert demo_company.remove(root) == [] and files(root) == before, "there is no demo company any more"


def taken_in_beside(root: Path) -> None:
    note(root, "own/orders/mine.csv")
    take_in(root, "own")


def published_before(root: Path) -> None:
    publish(root, "v0", False, "a" * 64)


def unreadable_version(root: Path) -> None:
    note(root, "published/v0/manifest.json")


@pytest.mark.parametrize("own", [taken_in_beside, published_before, unreadable_version])
def test_nothing_is_removed_where_anything_of_others_was_taken_in(root: Path, own: Callable[[Path], None]):
    take_in(root)
    own(root)
    before = files(root)
    with pytest.raises(demo_company.ForeignFiles, match=r"LOYALTY_DATA"):
        demo_company.remove(root)
    assert files(root) == before


@pytest.mark.parametrize("own", [taken_in_beside, published_before, lambda root: note(root, "state/identity/s")])
def test_nothing_is_written_where_a_company_s_landing_is_empty(tmp_path: Path, own: Callable[[Path], None]):
    """Not even where only its customer ids are left: `remove` could not tell them from the demo company's."""
    own(tmp_path)
    before = files(tmp_path)
    with pytest.raises(demo_company.ForeignFiles, match=r"only written into an empty folder"):
        demo_company.write(tmp_path, customers=40, months=2)
    assert files(tmp_path) == before


def test_a_run_before_anything_was_delivered_keeps_no_demo_company_away(tmp_path: Path):
    publish(tmp_path, "v0", False)
    note(tmp_path, "state/identity/s")
    demo_company.write(tmp_path, customers=40, months=2)
    assert demo_company.status(tmp_path) == "demo"
