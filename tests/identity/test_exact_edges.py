"""What SQL decides: the order in which a system writes its dates, and which records an exact identifier joins.

The models' compiled SQL runs on hand-made tables.
"""

from datetime import date
from types import SimpleNamespace

import duckdb
import pytest

from dbt_project.functions import register
from dbt_project.functions.names import parse


@pytest.fixture
def world(demo_run):
    """A warehouse of one's own, and `world.rows(model)`: the rows of an identity model on what was put into it."""
    compiled = demo_run.data / "warehouse" / "dbt" / "compiled" / "loyalty" / "models" / "identity"
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as loyalty")
        connection.execute("use loyalty")
        register(connection)

        def rows(model):
            return connection.execute((compiled / f"{model}.sql").read_text(encoding="utf-8")).fetchall()

        yield SimpleNamespace(connection=connection, rows=rows)


def dates(world, written, region="CN", order=None):
    """{(system, text): (birth_date, alternative)} of rows (system, text)."""
    connection = world.connection
    connection.execute("create schema config")
    connection.execute(
        "create table config.settings as select ? as phone_region, ?::varchar as date_order, 'Asia/Shanghai' as timezone, "
        "timestamp '2026-11-08' as as_of, timestamp '1992-01-01' as fixed_offset_from, interval 8 hour as fixed_offset",
        [region, order],
    )
    connection.execute("create table stg_customers (source_system varchar, birth_date varchar)")
    connection.executemany("insert into stg_customers values (?, ?)", written)
    return {(system, text): tuple(read) for system, text, *read in world.rows("identity_birth_dates")}


MARCH, APRIL = date(1990, 3, 4), date(1990, 4, 3)
WRITTEN = [
    *(("european", text) for text in ("3/4/1990", "25/12/1990")),
    *(("american", text) for text in ("3/4/1990", "12/25/1990")),
    *(("silent", text) for text in ("3/4/1990", "1985-06-07", "5/5/1980", "1990-01-01", "soon")),
    *(("mixed", text) for text in ("3/4/1990", "25/12/1990", "12/25/1990")),
]


def test_a_systems_other_dates_tell_its_order(world):
    read = dates(world, WRITTEN)
    assert read["european", "3/4/1990"] == (APRIL, None)
    assert read["american", "3/4/1990"] == (MARCH, None)
    assert read["silent", "3/4/1990"] == read["mixed", "3/4/1990"] == (APRIL, MARCH)
    assert read["silent", "1985-06-07"] == (date(1985, 6, 7), None)
    assert read["silent", "5/5/1980"] == (date(1980, 5, 5), None)
    assert read["mixed", "12/25/1990"] == (date(1990, 12, 25), None)
    assert not read.keys() & {("silent", "1990-01-01"), ("silent", "soon")}


@pytest.mark.parametrize(
    ("region", "order", "expected"),
    [("US", None, (MARCH, APRIL)), ("CN", "mdy", (MARCH, None)), ("US", "dmy", (APRIL, None))],
)
def test_the_company_decides_what_its_dates_leave_open(world, region, order, expected):
    assert dates(world, [("silent", "3/4/1990")], region, order)["silent", "3/4/1990"] == expected


def joined(world, people, cards=()):
    """Pairs that one shared telephone joins. `people`: (name, birth dates) each; `cards`: pairs that also share a card."""
    connection = world.connection
    connection.execute(
        "create table identity_records (record_no bigint, name_key varchar, name_tokens varchar[], han_name varchar, "
        "name_is_chinese boolean, birth_date date, birth_date_alternative date)"
    )
    for number, (written, born) in enumerate(people):
        name = parse(written, None, None)
        parts = name.parts.split(" ") if name else []
        described = ("".join(parts), sorted(set(parts)), name.han_name, name.name_is_chinese) if name else (None,) * 4
        first, second = (*born, None, None)[:2]
        connection.execute(
            "insert into identity_records values (?, ?, ?, ?, ?, ?, ?)", [number, *described, first, second]
        )
    keys = [(number, "phone", "+8613912345678") for number in range(len(people))]
    keys += [(number, "card", str(pair)) for pair in cards for number in pair]
    connection.execute(
        "create table identity_keys (record_no bigint, identifier_type varchar, identifier_value varchar, "
        "valid_from timestamp, valid_to timestamp)"
    )
    connection.executemany("insert into identity_keys values (?, ?, ?, null, null)", keys)
    connection.execute(
        "create table identifier_types as select * from (values ('phone', 'weak'), ('card', 'strong')) as t (identifier_type, strength)"
    )
    connection.execute("create table identity_guards (identifier_type varchar, identifier_value varchar)")
    return {(left, right) for left, right, _, rule in world.rows("identity_edges") if rule == "phone"}


@pytest.mark.parametrize(
    ("left", "right", "join"),
    [
        ("王小明", "Wang Xiaoming", True),
        ("王小明", "小明王", True),
        ("王小明", "王先生", True),
        ("王小明", "Kevin", True),  # no pinyin: it says nothing, and nothing speaks against it
        ("王小明", "Xiaoming", True),
        ("王小明", None, True),
        ("Ann Lee", "Lee, Ann B.", True),
        ("葉國華", "叶国华", True),  # one name in two scripts
        ("李思源", "思源李", True),
        ("李思源", "李思远", False),  # other characters of one sound
        ("王小明", "王小敏", False),
        ("王小明", "Wang Xiaomin", False),
        ("Ann Lee", "Bob Lee", False),
    ],
)
def test_names_on_one_telephone(world, left, right, join):
    assert joined(world, [(left, ()), (right, ())]) == ({(0, 1)} if join else set())


@pytest.mark.parametrize(
    ("left", "right", "join"),
    [
        ((MARCH,), (MARCH,), True),
        ((MARCH,), (APRIL,), False),
        ((APRIL, MARCH), (MARCH,), True),  # 3/4/1990 may be either
        ((APRIL, MARCH), (MARCH, APRIL), True),
        ((APRIL, MARCH), (date(1990, 5, 6),), False),
        ((), (MARCH,), True),
    ],
)
def test_birth_dates_on_one_telephone(world, left, right, join):
    assert joined(world, [("李雷", left), ("李雷", right)]) == ({(0, 1)} if join else set())


def test_on_a_familys_telephone_a_pair_must_agree(world):
    family = [("李雷", ()), ("韩梅梅", ()), ("Li Lei", ()), (None, ()), ("Lily", ()), ("Lei", ())]
    assert joined(world, family) == {(0, 2)}


def test_two_spellings_on_one_card_make_no_family(world):
    assert joined(world, [("李雷", ()), ("李蕾蕾", ()), (None, ())], cards=[(0, 1)]) == {(0, 2), (1, 2)}
