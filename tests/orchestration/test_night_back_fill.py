"""A back-fill ends where a full rebuild would, whatever was done to the raw tables; what cannot come back is not dropped."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration import dbt
from orchestration.defs.back_fill import job_of, part_to_fill
from orchestration.errors import ConfigurationError, DeliveryError
from orchestration.folders import DataFolder
from orchestration.landing.contract import Contract, load_contract
from orchestration.landing.intake import content_file, kept
from orchestration.landing.reload import forget
from orchestration.landing.run import load_deliveries
from orchestration.publishing.versions import current_version
from orchestration.run import run_refresh
from orchestration.settings import Settings
from orchestration.warehouse import connect
from tests.conftest import AS_OF, CompanyRun

BOOKKEEPING = ("loads", "load_notes", "set_aside", "conflicts", "quarantine", "notes", "deliveries")


@pytest.fixture
def folder(demo_run: CompanyRun, tmp_path: Path) -> DataFolder:
    """The demo company after its run, to damage."""
    return DataFolder(Path(shutil.copytree(demo_run.data, tmp_path / "data", symlinks=True)))


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract(dbt.ensure_manifest())


def raw(folder: DataFolder, contract: Contract) -> dict[str, int]:
    """Per table of raw, a hash over its rows in any order."""
    with connect(folder.database) as warehouse:
        return {
            table: warehouse.execute(
                f"select count(*) || ' ' || coalesce(bit_xor(hash(t)), 0) from (select * from raw.{table}) as t"
            ).fetchall()[0][0]
            for table in (*contract.datasets, *BOOKKEEPING)
        }


def fill(folder: DataFolder, contract: Contract, part: str) -> int:
    with connect(folder.database) as warehouse:
        again = forget(warehouse, folder, Settings(), contract, part)
        report = load_deliveries(warehouse, folder, Settings(), contract, AS_OF)
    assert report.loaded_now == again and report.balanced
    return again


def damage(folder: DataFolder, *statements: str) -> None:
    with duckdb.connect(str(folder.database)) as warehouse:
        for statement in statements:
            warehouse.execute(statement)


@pytest.mark.parametrize(
    ("part", "statements"),
    [
        ("orders", ["update raw.orders set net_amount = net_amount + 1"]),
        ("orders", ["delete from raw.orders", "delete from raw.quarantine where dataset = 'orders'"]),
        ("orders", ["alter table raw.orders drop column currency"]),
        ("survey_responses", ["drop table raw.survey_responses"]),
        ("2026-03", ["update raw.orders set net_amount = 0 where ordered_at between '2026-03-02' and '2026-03-30'"]),
    ],
)
def test_raw_is_as_before(folder: DataFolder, contract: Contract, part: str, statements: list[str]) -> None:
    before = raw(folder, contract)
    damage(folder, *statements)
    assert fill(folder, contract, part) > 0
    assert raw(folder, contract) == before


def test_only_the_part_is_read_again(folder: DataFolder, contract: Contract) -> None:
    with connect(folder.database) as warehouse:
        [(of_orders, of_all)] = warehouse.execute(
            "select count(*) filter (where dataset = 'orders'), count(*) from raw.loads"
        ).fetchall()
    assert fill(folder, contract, "orders") == of_orders
    months = [fill(folder, contract, month) for month in ("2026-02", "2026-03", "1999-01")]
    assert 0 < months[0] < of_all and 0 < months[1] < of_all
    assert months[2] == 0


def test_a_month_holds_what_was_delivered_in_it_and_what_has_rows_in_it(tmp_path: Path, contract: Contract) -> None:
    folder = DataFolder(tmp_path / "data").create()
    orders = folder.landing / "orders"
    orders.mkdir()
    header = "source_system,order_id,ordered_at,net_amount"
    for name, ordered_at in (
        ("orders_2026-03-31.csv", "2026-01-05T10:00:00+08:00"),  # made in March by its name
        ("orders_2026-04-01.csv", "2026-03-31T23:30:00+08:00"),  # the last minutes of March in Shanghai
        ("orders_2026-04-02.csv", "2026-03-31T16:30:00+00:00"),  # April there already
        ("undated.csv", "2026-01-06T10:00:00+08:00"),  # first seen when it was loaded
    ):
        (orders / name).write_text(f"{header}\ntill,{name},{ordered_at},10\n")
    with connect(folder.database) as warehouse:
        load_deliveries(warehouse, folder, Settings(), contract, datetime(2026, 5, 31, 20, tzinfo=UTC))
        found = {}
        for month in ("2026-01", "2026-03", "2026-04", "2026-05", "2026-06"):
            warehouse.execute("begin")
            warehouse.execute("rollback")
            forget(warehouse, folder, Settings(), contract, month)
            left = {d for (d,) in warehouse.execute("select delivery from raw.loads").fetchall()}
            found[month] = sorted(d.paths[0] for d in kept(folder.deliveries).values() if d.sha256 not in left)
            load_deliveries(warehouse, folder, Settings(), contract, datetime(2026, 5, 31, 20, tzinfo=UTC))
    assert found == {
        "2026-01": ["orders/orders_2026-03-31.csv", "orders/undated.csv"],
        "2026-03": ["orders/orders_2026-03-31.csv", "orders/orders_2026-04-01.csv"],
        "2026-04": ["orders/orders_2026-04-01.csv", "orders/orders_2026-04-02.csv"],
        "2026-05": [],
        "2026-06": ["orders/undated.csv"],
    }


def test_a_crash_in_between_is_mended_by_the_next_run(folder: DataFolder, contract: Contract) -> None:
    before = raw(folder, contract)
    with connect(folder.database) as warehouse:
        forget(warehouse, folder, Settings(), contract, "orders")
    with connect(folder.database) as warehouse:
        load_deliveries(warehouse, folder, Settings(), contract, AS_OF)
    assert raw(folder, contract) == before


@pytest.mark.parametrize("how", ["damaged", "missing"])
def test_what_cannot_come_back_is_not_dropped(folder: DataFolder, contract: Contract, how: str) -> None:
    before = raw(folder, contract)
    copy = next(content_file(folder.deliveries, d) for d in kept(folder.deliveries).values() if d.dataset == "orders")
    if how == "damaged":
        copy.write_bytes(copy.read_bytes() + b"x")
    else:
        shutil.rmtree(copy.parent)
    with connect(folder.database) as warehouse, pytest.raises(DeliveryError, match="nothing was changed") as problem:
        forget(warehouse, folder, Settings(), contract, "orders")
    assert copy.parent.name in str(problem.value)
    assert raw(folder, contract) == before


@pytest.mark.parametrize("part", ["order", "2026-13", "2026", "", "orders; drop table raw.orders"])
def test_neither_a_dataset_nor_a_month(tmp_path: Path, contract: Contract, part: str) -> None:
    with duckdb.connect() as warehouse, pytest.raises(ConfigurationError, match="neither a month like 2026-03 nor"):
        forget(warehouse, DataFolder(tmp_path), Settings(), contract, part)


def test_the_run_publishes_what_was_published_before_the_damage(
    small_run: CompanyRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(Path(shutil.copytree(small_run.data, tmp_path / "data", symlinks=True)))
    for name in ("LOYALTY_DATA", "DAGSTER_HOME"):
        monkeypatch.setenv(name, "")  # set by the run, and put back after it
    before = current_version(folder)
    damage(folder, "update raw.orders set net_amount = 3 * net_amount", "delete from raw.orders where _line = 2")
    outcome = run_refresh(folder, AS_OF.isoformat(), "orders")
    assert outcome.succeeded, outcome.problems
    after = current_version(folder)
    assert before is not None and after is not None
    assert after.name != before.name and after.digest == before.digest
    with dg.DagsterInstance.get() as instance:
        run = instance.get_run_by_id(outcome.run_id)
    assert run is not None and run.job_name == "backfill_dataset"
    assert run.tags["dagster/partition"] == "orders"


def test_partitions_are_the_datasets_and_the_months_up_to_this_one(contract: Contract) -> None:
    from orchestration.definitions import defs

    datasets = defs.resolve_job_def("backfill_dataset")
    months = defs.resolve_job_def("backfill_month")
    assert datasets.partitions_def is not None and months.partitions_def is not None
    assert datasets.partitions_def.get_partition_keys() == sorted(contract.datasets)
    keys = months.partitions_def.get_partition_keys()
    assert keys[-1] == f"{datetime.now(UTC):%Y-%m}" and "2026-02" in keys
    for job, key in ((datasets, "orders"), (months, "2026-02")):
        assert job.partitioned_config is not None
        config = job.partitioned_config.get_run_config_for_partition_key(key)
        assert config["resources"]["company"]["config"] == {"back_fill": key}
        assert job.executor_def.name == "in_process"


def test_what_is_named_picks_the_job() -> None:
    assert [job_of(part) for part in (None, "orders", "2026-03")] == ["refresh", "backfill_dataset", "backfill_month"]
    with pytest.raises(ConfigurationError, match="neither a month like 2026-03 nor one of"):
        job_of("order")


@pytest.mark.parametrize("month", ["1999-12", "0000-01", "2999-01"])
def test_a_month_before_the_first_or_after_this_one_is_wrong_usage(tmp_path: Path, month: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"'{month}' can't be loaded anew: name a month from 2000-01 to 20..-.., "
    ):
        run_refresh(DataFolder(tmp_path / "data"), back_fill=month)
    assert job_of(f"{datetime.now(UTC):%Y-%m}") == job_of("2000-01") == "backfill_month"


def test_one_without_a_partition_does_not_pass_for_one_that_was_done() -> None:
    assert part_to_fill("refresh", None) is None
    assert part_to_fill("backfill_month", "2026-03") == "2026-03"
    with pytest.raises(ConfigurationError, match="loyalty run --back-fill PART"):
        part_to_fill("backfill_dataset", None)
