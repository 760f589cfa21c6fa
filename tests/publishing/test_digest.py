"""The digest must move with every cell and with nothing else."""

import hashlib
import random
from collections.abc import Callable

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.errors import PublishingError
from orchestration.publishing.digest import published_digest, table_digest

TYPES = {
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "DOUBLE": st.floats(allow_nan=False).map(lambda value: value + 0.0),
    "VARCHAR": st.text(st.sampled_from("aé客\t\n\r\\N,{}' \"")),
    "BOOLEAN": st.booleans(),
    "DATE": st.dates(),
    "TIMESTAMP": st.datetimes(),
    "DECIMAL(18,4)": st.decimals(-(10**13), 10**13, places=4),
    "VARCHAR[]": st.lists(st.none() | st.text(st.sampled_from("a,\\N{}"), max_size=3), max_size=3),
}
COLUMNS = [(f"c{position}", kind) for position, kind in enumerate(TYPES)]
ROWS = st.lists(st.tuples(*(st.none() | values for values in TYPES.values())), min_size=1, max_size=6)


def digest_of(rows: list[tuple], threads: int = 2) -> str:
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute(f"create table t ({', '.join(f'{name} {kind}' for name, kind in COLUMNS)})")
        connection.executemany(f"insert into t values ({', '.join('?' for _ in COLUMNS)})", rows)
        return table_digest(connection, "t", COLUMNS, ["c0"])


def written(row: tuple) -> tuple:
    return tuple(repr(value) for value in row)


@settings(max_examples=50, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_insertion_order_does_not_matter(rows: list[tuple], chance: random.Random) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert digest_of(rows) == digest_of(shuffled)


@settings(max_examples=50, deadline=None)
@given(ROWS, st.data())
def test_any_changed_cell_changes_it(rows: list[tuple], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(COLUMNS) - 1))
    value = data.draw(st.none() | list(TYPES.values())[column])
    changed = [list(cells) for cells in rows]
    changed[row][column] = value
    same = sorted(map(written, rows)) == sorted(written(tuple(cells)) for cells in changed)
    assert (digest_of(rows) == digest_of([tuple(cells) for cells in changed])) == same


@pytest.mark.parametrize("left, right", [
    ((None, "x"), ("", "x")), (("a\tb", "c"), ("a", "b\tc")), (("a\n", "b"), ("a", "\nb")), (("\\N", ""), (None, "")),
    (("\\", "\\t"), ("\\\\", "t")), (("a", None), (None, "a")),
])  # fmt: skip
def test_no_text_can_imitate_a_separator_or_null(left: tuple, right: tuple) -> None:
    columns = [("a", "VARCHAR"), ("b", "VARCHAR")]

    def digest(row: tuple) -> str:
        with duckdb.connect() as connection:
            connection.execute("create table t (a varchar, b varchar)")
            connection.execute("insert into t values (?, ?)", row)
            return table_digest(connection, "t", columns, ["a"])

    assert digest(left) != digest(right)


@pytest.mark.parametrize("left, right", [
    ("[]", "['']"), ("[]", "null"), ("[null]", "['']"), ("['a,b']", "['a', 'b']"), ("[null]", r"['\N']"),
])  # fmt: skip
def test_lists_are_told_apart(left: str, right: str) -> None:
    with duckdb.connect() as connection:
        digests = {
            table_digest(connection, f"(select cast({value} as varchar[]) as l)", [("l", "VARCHAR[]")], ["l"])
            for value in (left, right)
        }
    assert len(digests) == 2


def test_lists_of_decimals_have_a_canonical_text() -> None:
    with duckdb.connect() as connection:
        source = "(select [1.5, 2]::decimal(9,3)[] as l)"
        found = table_digest(connection, source, [("l", "DECIMAL(9,3)[]")], ["l"])
    assert found == hashlib.sha256(b"l DECIMAL(9,3)[]\n{1.500,2.000,}\n").hexdigest()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_do_not_matter_and_the_text_is_the_documented_one(threads: int) -> None:
    """An independent writing of the canonical text, over more rows than one fetch or row group holds."""
    rows = 150_000
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute(
            f"create table t as select range as i, range / 7 as v from range({rows}) order by hash(range)"
        )
        found = table_digest(connection, "t", [("i", "BIGINT"), ("v", "DOUBLE")], ["i"])
    text = "".join(f"{i}\t{i / 7:.17g}\n" for i in range(rows))
    assert found == hashlib.sha256(f"i BIGINT\tv DOUBLE\n{text}".encode()).hexdigest()


def test_negative_zero_is_zero_as_in_sql() -> None:
    with duckdb.connect() as connection:
        digests = {
            table_digest(connection, f"(select {zero}::double as v)", [("v", "DOUBLE")], ["v"])
            for zero in ("0.0", "-0.0")
        }
    assert len(digests) == 1


def test_an_unknown_type_is_refused() -> None:
    with duckdb.connect() as connection, pytest.raises(PublishingError, match="INTERVAL"):
        table_digest(connection, "(select interval 1 day as i)", [("i", "INTERVAL")], ["i"])


def test_the_version_digest_covers_names_and_digests_in_any_order() -> None:
    assert published_digest({"a": "1", "b": "2"}) == published_digest({"b": "2", "a": "1"})
    assert published_digest({"a": "1", "b": "2"}) != published_digest({"a": "2", "b": "1"})


def test_publishing_digest_ignores_delivery_names_and_persons(
    warehouse: duckdb.DuckDBPyConnection, publish_again: Callable
) -> None:
    first = publish_again().digest
    warehouse.execute("update data_quality set path = 'elsewhere.csv'")
    warehouse.execute("update customers set phone = null")
    assert publish_again().digest == first
    warehouse.execute("update labels set en = '' where en is null")
    assert publish_again().digest != first
