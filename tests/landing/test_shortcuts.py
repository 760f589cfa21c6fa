"""The cheap ways to type a row say the same as the thorough ones, and rows keep their lines however they are inserted."""

import random
from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pytest

from orchestration.landing.contract import Column
from orchestration.landing.decode import WHITE
from orchestration.landing.typed import _from_local, is_plain, text_of, value_of
from tests.landing.conftest import ORDERS

PIECES = (
    "a", "Z", "0", "7", ".", ",", "-", "_", "é", "张", "\x1f", "\x7f", "\u2003", "#REF!", "#", "1.38E+10", "1e+5", "E", "+",
    "x" * 1_000_001, "", *WHITE, "\0",
)  # fmt: skip


def test_a_row_of_plain_texts_is_typed_as_if_each_cell_was_looked_at():
    rng = random.Random(20260401)
    weights = [1 if piece[:1] == "x" else 40 for piece in PIECES]

    def cell() -> str | None:
        return None if rng.random() < 0.1 else "".join(rng.choices(PIECES, weights, k=rng.randint(0, 4)))

    # apart, or hardly any row would be plain
    usual = [(f"O{number}", rng.choice(["shop", "", None])) for number in range(500)]
    given = pd.DataFrame([(cell(), cell()) for _ in range(4_000)] + usual, columns=["a", "b"], dtype=object)
    column = Column("a", "varchar", "", "", kind="identifier")

    def typed(plain: str | None) -> str:
        text = text_of("a", "VARCHAR", trimmed=False, plain=plain)
        value = value_of(column, "t", "a", "VARCHAR", None, "UTC", plain=plain)
        return f"select row, a, _plain, t, {value} as v from (select *, {text} as t from rows)"

    with duckdb.connect() as connection:
        connection.register("given", given.reset_index(names="row"))
        connection.execute(f"create temp table rows as select *, {is_plain(['a', 'b'])} as _plain from given")
        cheap, thorough = (connection.execute(f"{typed(plain)} order by row").fetchall() for plain in ("_plain", None))
    assert cheap == thorough
    assert 400 < sum(plain for _, _, plain, _, _ in cheap) < 4_000
    for _, delivered, _, text, value in cheap:
        assert text == ((delivered or "").strip(WHITE) or None)
        assert value in (text, None)
        if "\0" in (text or "") or text in ("#REF!", "1.38E+10", "1e+5") or len(text or "") > 1_000_000:
            assert value is None


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "UTC", "Asia/Kathmandu", "America/Sao_Paulo", "Europe/Berlin", "Pacific/Apia"]
)
def test_a_fixed_offset_is_subtracted_only_where_the_zone_would_do_the_same(zone: str):
    rng = random.Random(zone)
    start, span = datetime(1890, 1, 1), timedelta(days=320 * 365)
    times = [start + rng.random() * span for _ in range(5_000)]
    # every hour of a year in which Shanghai changed its clocks for the last time
    times += [datetime(1991, 1, 1) + timedelta(hours=hour) for hour in range(366 * 24)]
    with duckdb.connect() as connection:
        connection.register("given", pd.DataFrame({"time": times}).astype({"time": "datetime64[us]"}))
        differing = connection.execute(
            f"select time from given where {_from_local('time', zone)} is distinct from timezone('UTC', timezone('{zone}', time))"
        ).fetchall()
    assert differing == []


def test_every_row_of_a_large_file_keeps_its_line(shop):
    rows = [f"pos,{number},2026-01-01,1,{'c' * (number % 50)}\n" for number in range(2, 150_002)]
    shop.deliver("orders/large.csv", ORDERS + "".join(rows))
    assert shop.load().loaded == 150_000
    assert shop.rows("select count(*) from raw.orders where _line <> order_id::bigint") == [(0,)]


def test_what_a_large_file_stumbles_over_is_what_is_said(shop, monkeypatch):
    def full(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
        connection.execute("select error('No space left on device')")

    shop.deliver("orders/large.csv", ORDERS + "".join(f"pos,{number},2026-01-01,1,\n" for number in range(30_000)))
    shop.connection.execute("set threads = 3")
    with monkeypatch.context() as patch, pytest.raises(duckdb.Error, match="No space left"):
        patch.setattr("orchestration.landing.load.append", full)
        shop.load()
    assert shop.rows("select current_setting('threads')") == [(3,)]
    assert shop.load().loaded == 30_000
