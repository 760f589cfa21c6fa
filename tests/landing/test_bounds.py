"""Resources stay bounded, and a crash anywhere leaves a warehouse that the next run completes."""

import gzip
import resource
import time
from typing import Any

import duckdb
import pytest

from orchestration.landing import load_deliveries
from orchestration.landing import run as entry
from orchestration.settings import Settings
from tests.landing.conftest import AS_OF, ORDERS

GOOD = "pos,{},2026-01-01,1,\n"


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_a_gzip_bomb_stops_at_the_limits(shop):
    bomb = gzip.compress(ORDERS.encode() + b"\0" * 60_000_000)
    shop.deliver("orders/bomb.csv.gz", bomb)
    shop.deliver("orders/good.csv", ORDERS + GOOD.format(1))
    shop.load(max_expansion_ratio=100)
    assert shop.rows("select path, status, reason from raw.deliveries order by path") == [
        ("orders/bomb.csv.gz", "unreadable", "expands_too_much"), ("orders/good.csv", "loaded", None),
    ]  # fmt: skip
    assert not list((shop.folder.warehouse).glob(".scratch"))


def test_ten_thousand_columns(shop):
    extra = ",".join(f"x{number}" for number in range(10_000))
    shop.deliver("orders/wide.csv", f"{extra},{ORDERS}" + "1," * 10_000 + GOOD.format(1))
    report = shop.load()
    assert report.loaded == 1
    [note] = [note for note in report.notes if note.code == "unknown_column"]
    assert note.detail.endswith("and 9950 more")


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_field_of_twenty_megabytes(shop, quote):
    before = peak_mb()
    shop.deliver(
        "orders/long.csv",
        ORDERS + GOOD.format(1) + f"pos,2,2026-01-01,1,{quote}{'x' * 20_000_000}{quote}\n" + GOOD.format(3),
    )
    report = shop.load()
    assert (report.received, report.loaded) == (3, 2)
    assert shop.reasons() == [(3, None, "field_too_long")]
    assert peak_mb() - before < 600


def test_an_unterminated_quote_takes_the_rest_as_one_row(shop):
    shop.deliver("orders/open.csv", ORDERS + GOOD.format(1) + 'pos,2,2026-01-01,1,"x\n' + GOOD.format(3) * 200_000)
    report = shop.load()
    assert (report.received, report.loaded, shop.reasons()) == (2, 1, [(3, None, "unterminated_quote")])


def test_many_tiny_files(shop):
    for number in range(300):
        shop.deliver(f"orders/{number % 50}/{number}.csv", ORDERS + GOOD.format(number))
    started = time.process_time()
    report = shop.load()
    assert report.loaded == 300
    assert time.process_time() - started < 0.1 * 300, "CPU seconds per file"


class Crash(BaseException):
    """Stands for the process dying at that statement."""


class Dying:
    """A connection that dies at its n-th statement."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, at: int) -> None:
        self.connection, self.left = connection, at

    def as_connection(self) -> Any:
        return self

    def __getattr__(self, name):
        return getattr(self.connection, name)

    def execute(self, *arguments):
        self.left -= 1
        if self.left == 0:
            raise Crash
        return self.connection.execute(*arguments)


def test_a_crash_at_any_statement_is_finished_by_the_next_run(new_company):
    files = {
        "orders/a.csv": ORDERS + GOOD.format(1) + GOOD.format("1.38E+10") + GOOD.format(2),
        "orders/b.csv": ORDERS + GOOD.format(2) + "pos,1,2026-02-02,3,\n",
        "orders/c.jsonl": '{"source_system":"pos"}',
    }

    def result(shop):
        return (
            shop.standing("orders"),
            shop.counts(),
            shop.reasons(),
            shop.rows("select * from raw.set_aside order by all"),
        )

    calm = new_company("orders")
    for path, content in files.items():
        calm.deliver(path, content)
    counter = Dying(calm.connection, 10**9)
    load_deliveries(counter.as_connection(), calm.folder, Settings(), calm.contract, AS_OF)
    statements = 10**9 - counter.left
    for at in range(1, statements, max(1, statements // 25)):
        shop = new_company("orders")
        for path, content in files.items():
            shop.deliver(path, content)
        with pytest.raises(Crash):
            load_deliveries(Dying(shop.connection, at).as_connection(), shop.folder, Settings(), shop.contract, AS_OF)
        shop.connection.close()
        shop.connection = duckdb.connect(str(shop.folder.database))
        shop.connection.execute("set TimeZone = 'UTC'")
        assert shop.load().balanced
        assert result(shop) == result(calm), at
        shop.connection.close()


def test_a_crash_while_copying_leaves_no_half_delivery(shop, monkeypatch):
    from orchestration.landing import intake

    def dies(*_):
        raise Crash

    shop.deliver("orders/a.csv", ORDERS + GOOD.format(1))
    monkeypatch.setattr(intake, "_keep", dies)
    with pytest.raises(Crash):
        shop.load()
    assert intake.kept(shop.folder.deliveries) == {}
    monkeypatch.undo()
    assert shop.load().loaded == 1
    assert not (shop.folder.deliveries / ".incoming").exists()
    assert entry.SCRATCH not in [file.name for file in shop.folder.warehouse.iterdir()]


def test_many_parquet_files_are_loaded_together_or_one_by_one_alike(new_company, tmp_path):
    def deliver(shop, bad):
        for number in range(6):
            file = tmp_path / f"{number}.parquet"
            net = "null::double" if bad and number == 3 else "i::double"
            duckdb.execute(
                f"copy (select 'pos' as source_system, {number} * 10 + i as order_id, timestamptz '2026-01-01 00:00:00Z' as ordered_at, "
                f"case when i = 4 then {net} else i::double end as net_amount from range(10) as t(i)) to '{file}'"
            )
            shop.deliver(f"orders/{number}.parquet", file.read_bytes())

    shop = new_company("orders")
    deliver(shop, bad=False)
    assert shop.load().loaded == 60
    assert shop.rows("select count(distinct _delivery), min(_line), max(_line) from raw.orders") == [(6, 1, 10)]
    origins = "select r.order_id, r._line, d.path from raw.orders as r join raw.deliveries as d on d.delivery = r._delivery order by all"
    assert {(int(number) // 10, line - 1) for number, line, _ in shop.rows(origins)} == {
        (f, i) for f in range(6) for i in range(10)
    }
    assert all(path == f"orders/{int(number) // 10}.parquet" for number, _, path in shop.rows(origins))
    faulty = new_company("orders")
    deliver(faulty, bad=True)
    report = faulty.load()
    assert (report.loaded, report.quarantined, report.balanced) == (59, 1, True)
    assert faulty.rows("select path, line, reason from raw.quarantine") == [("orders/3.parquet", 5, "missing_required")]
