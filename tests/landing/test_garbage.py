"""Whatever is delivered: the run never fails, every row is accounted for, and `received` is what Python's csv counts."""

import csv
import gzip
import io
import itertools
import json
import random
import shutil
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orchestration.folders import DataFolder
from orchestration.landing import load_deliveries
from orchestration.settings import Settings
from tests.landing.conftest import AS_OF, ORDERS

csv.field_size_limit(1 << 27)


def independent_count(content: bytes) -> int:
    """Rows below the header as Python's csv sees them; 1 for what cannot be divided into rows."""
    if content.startswith(b"\x1f\x8b"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError):
            return 1
    if not content:
        return 0
    if content.startswith((b"PAR1", b"PK\x03\x04")):
        return 1
    text = decoded(content)
    if text is None:
        return 1
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if lines.strip("\n\t \x0b\x0c").startswith("{"):
        return sum(1 for line in lines.split("\n") if line.strip())
    rows = [row for row in csv.reader(io.StringIO(lines)) if row]
    if not rows:
        return 0
    never_closed = len(rows) == 1 and len([row for row in csv.reader(io.StringIO(lines + "\nx")) if row]) == 1
    return 1 if never_closed else len(rows) - 1


def looks_western(text: str) -> bool:
    """As in a Western code page, every byte above 127 stands before a Latin letter."""
    pairs = [character.encode("gb18030") for character in text if not character.isascii()]
    return bool(pairs) and all(len(pair) == 2 and pair[1:].isalpha() for pair in pairs)


def decoded(content: bytes) -> str | None:
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            text.encode("utf-8")
            return None if encoding == "gb18030" and looks_western(text) else text
        except UnicodeError:
            continue
    return None


CELLS = st.one_of(
    st.sampled_from(["", "1", "001", "1.38E+10", "#REF!", "2026-01-01", "2026-13-01", "infinity", "王", 'a "b"', "a,b", "a\nb", "a\r\nb", " x ", "\0", "1_0", "是", '"', "''", "1e400", "-0", "9" * 40]),
    st.text(max_size=6),
)  # fmt: skip


@st.composite
def files(draw):
    rows = draw(st.lists(st.tuples(st.sampled_from(["pos", "web"]), CELLS, CELLS, CELLS, CELLS), max_size=8))
    good = [("pos", str(number), "2026-01-01 10:00", "1.5", "x") for number in range(draw(st.integers(0, 3)))]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])))
    for row in draw(st.permutations([*rows, *good])):
        writer.writerow(row)
    header = draw(
        st.sampled_from(
            [
                ORDERS,
                ORDERS,
                ORDERS,
                ORDERS.upper(),
                "source_system,order_id\n",
                "a,b\n",
                ORDERS.strip() + ",order_id\n",
                "",
            ]
        )
    )
    text = header + buffer.getvalue()
    if draw(st.booleans()):
        for _ in range(draw(st.integers(1, 3))):
            at = draw(st.integers(0, len(text)))
            text = text[:at] + draw(st.sampled_from(['"', ",", "\n", "\r", "\0", '""', "\n\n", "x", "\t"])) + text[at:]
    content = text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])), "replace")
    if draw(st.booleans()) and content:
        content = content[: draw(st.integers(0, len(content)))]
    return maybe_gzip(draw, content)


def maybe_gzip(draw, content):
    if draw(st.integers(0, 4)) == 0:
        content = gzip.compress(content, mtime=0)
        if draw(st.booleans()):
            content = content[: draw(st.integers(2, len(content)))]
    return content


@st.composite
def json_files(draw):
    values = st.one_of(
        CELLS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.lists(st.integers(), max_size=1)
    )
    records = draw(
        st.lists(st.dictionaries(st.sampled_from(ORDERS.strip().split(",")), values), min_size=1, max_size=6)
    )
    text = "\n".join(json.dumps(record) for record in records)
    if draw(st.booleans()):
        text = text[: draw(st.integers(1, len(text)))]
    return text.encode()


@pytest.fixture(scope="module")
def garbage_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("garbage")


@settings(
    max_examples=max(250, settings().max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(contents=st.lists(st.one_of(files(), files(), json_files(), st.binary(max_size=200)), min_size=1, max_size=4))
@example(
    contents=[
        b'"a"b,c\n',
        b'"a"b,"c\n',
        b'"a\nb',
        b"a\0b\n1\n",
        b"\n\n",
        b"   ",
        b"{",
        b'{"a": 1}\n\n[',
        b"\x1f\x8b",
        b"\xef",
        b"\xef\xbb",
        b"PAR1",
        b"PK\x03\x04",
    ]
)
def test_nothing_crashes_and_nothing_vanishes(contents, orders_only, garbage_folder):
    shutil.rmtree(garbage_folder, ignore_errors=True)
    folder = DataFolder(garbage_folder).create()
    (folder.landing / "orders").mkdir()
    for number, content in enumerate(contents):
        (folder.landing / "orders" / f"{number:02}").write_bytes(content)
    with duckdb.connect() as connection:
        load_deliveries(connection, folder, Settings(), orders_only, AS_OF)
        counts = connection.execute(
            "select path, received, loaded + superseded + duplicate + quarantined, loaded, status, reason from raw.deliveries order by path"
        ).fetchall()
        assert [row[0] for row in counts] == [f"orders/{number:02}" for number in range(len(contents))]
        for content, (_, received, accounted, *_rest) in zip(contents, counts, strict=True):
            assert received == accounted
            assert received == independent_count(content), content
        standing = connection.execute(
            "select count(*) from raw.orders where (_delivery, _line) not in (select (_delivery, _line) from raw.set_aside)"
        ).fetchall()
        assert standing == [(sum(row[3] for row in counts),)]
        [(unexplained,)] = connection.execute(
            "select count(*) from raw.quarantine where reason is null or path is null"
        ).fetchall()
        assert unexplained == 0


ROWS = [
    f"{system},{number},2026-0{month}-01,{amount},,{updated}"
    for system, number, month, amount, updated in [
        ("pos", 1, 1, 5, "2026-02-01"), ("pos", 1, 1, 6, "2026-02-02"), ("pos", 1, 1, 6, "2026-02-02"), ("pos", 2, 2, 1, ""), ("pos", 2, 2, 2, ""),
        ("web", 1, 3, "x", ""), ("web", 2, 3, 1, "2027-01-01"), ("web", 3, 3, 1, ""), ("web", 3, 3, 1, ""), ("", 4, 3, 1, ""),
    ]
]  # fmt: skip

WINNERS: set[tuple[str, str, Decimal]] = set()
"""Of the conflict in ROWS; every order must find the same one."""


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(len(ROWS))),
    cuts=st.sets(st.integers(1, len(ROWS) - 1), max_size=3),
    repeats=st.sets(st.integers(0, 3)),
    steps=st.booleans(),
)
def test_order_split_and_repetition_change_nothing(order, cuts, repeats, steps, orders_only, garbage_folder):
    rows = [ROWS[at] for at in order]
    edges = [0, *sorted(cuts), len(rows)]
    parts = [rows[start:end] for start, end in itertools.pairwise(edges)]
    parts += [parts[at] for at in sorted(repeats) if at < len(parts)]
    shutil.rmtree(garbage_folder, ignore_errors=True)
    folder = DataFolder(garbage_folder).create()
    (folder.landing / "orders").mkdir()
    with duckdb.connect() as connection:
        for number, part in enumerate(parts):
            content = ORDERS.strip() + ",updated_at\n" + "\n".join(part)
            (folder.landing / "orders" / f"{number}.csv").write_text(content)
            if steps:
                load_deliveries(connection, folder, Settings(), orders_only, AS_OF)
        load_deliveries(connection, folder, Settings(), orders_only, AS_OF)
        standing = connection.execute(
            "select source_system, order_id, net_amount from raw.orders as r where not exists (select 1 from raw.set_aside as s "
            "where s._delivery = r._delivery and s._line = r._line) order by all"
        ).fetchall()
        [sums] = connection.execute(
            "select sum(loaded), sum(superseded), sum(quarantined), sum(conflicts) "
            "from raw.deliveries where status = 'loaded'"
        ).fetchall()
    winner = [row for row in standing if row[:2] == ("pos", "2")]
    assert [row for row in standing if row not in winner] == [("pos", "1", Decimal(6)), ("web", "3", Decimal(1))]
    WINNERS.update(winner)
    assert len(winner) == len(WINNERS) == 1
    assert sums == (3, 2, 3, 1)


def test_counts_are_a_function_of_the_set(new_company):
    contents = [ORDERS.strip() + ",updated_at\n" + "\n".join(ROWS[at : at + 4]) for at in range(0, 8, 2)]
    results = []
    for turn in range(4):
        shop = new_company("orders")
        chosen = list(enumerate(contents))
        random.Random(turn).shuffle(chosen)
        for number, content in chosen:
            shop.deliver(f"orders/{number}.csv", content)
            if turn % 2:
                shop.load()
        shop.load()
        results.append((shop.counts(), shop.standing("orders"), shop.rows("select * from raw.conflicts order by all")))
    assert results[0] == results[1] == results[2] == results[3]
