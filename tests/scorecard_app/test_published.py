"""The reader sees the version's files and nothing else, and never a damaged one."""

import shutil
import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest
from sample_company import UNITS, publish_sample

from scorecard_app.published import Damaged, NothingPublished, Published, resolve


@pytest.fixture(scope="module")
def published(sample_root: Path) -> Published:
    return Published(resolve(sample_root))


@pytest.mark.parametrize("attack", [
    "from read_parquet('{profiles}')", "from read_csv('/etc/passwd')", "copy kpis to '{own}'", "copy kpis to '/tmp/out.csv'",
    "attach '/tmp/other.duckdb'", "set enable_external_access = true", "set allowed_paths = ['/etc/passwd']", "install httpfs", "load httpfs",
])  # fmt: skip
def test_the_connection_is_locked_down(sample_root: Path, published: Published, attack: str) -> None:
    version = resolve(sample_root)
    profiles, own = version / "profiles" / "customer_identities.parquet", version / "kpis.parquet"
    before = own.read_bytes()
    with pytest.raises(duckdb.Error):
        published.rows(attack.format(profiles=profiles, own=own))
    assert own.read_bytes() == before


def test_values_are_bound_not_pasted(published: Published) -> None:
    assert published.measured("sto' or '1'='1", "month", date(2025, 6, 1)) == []
    assert published.score("sto'; drop table kpis; --", "month", date(2025, 6, 1)) is None
    assert len(published.kpis()) == 4


def test_an_open_version_survives_its_folder(tmp_path: Path) -> None:
    publish_sample(tmp_path)
    published = Published(resolve(tmp_path))
    shutil.rmtree(resolve(tmp_path))
    assert published.score("sto", "month", date(2025, 6, 1))


def test_units_come_as_a_tree(published: Published) -> None:
    order = list(published.units())
    assert order[0] == "acme" and len(order) == len(UNITS)
    assert order[order.index("sto") + 1 :][:2] == ["sto-1", "sto-2"]


def test_open_periods_are_marked(published: Published) -> None:
    months = published.periods("month")
    assert list(months)[:2] == [date(2025, 7, 1), date(2025, 6, 1)]
    assert [months[date(2025, 7, 1)], months[date(2025, 6, 1)]] == [False, True]
    assert published.periods("decade") == {}


def test_nothing_and_damage_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished):
        resolve(tmp_path)
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current").symlink_to("gone")
    with pytest.raises(Damaged, match="gone: missing"):
        resolve(tmp_path)
    (tmp_path / "published" / "current").unlink()
    (tmp_path / "published" / "current").mkdir()
    with pytest.raises(Damaged, match="current"):
        resolve(tmp_path)


def test_many_readers_at_once(published: Published) -> None:
    expected = published.trend("csat_t2b", "sto", "sto")
    found: list[object] = []

    def read() -> None:
        found.extend(published.trend("csat_t2b", "sto", "sto") == expected for _ in range(20))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert found == [True] * 160
