"""The org tree, own units and home units, worked out by hand."""

from datetime import UTC, date, datetime

import polars as pl

from .by_hand import deliver, landed
from .company import Company
from .units import Tree, home_units, own_units

TREE = """
org_unit_id | valid_from | valid_to   | parent_org_unit_id | kind       | function
co          | 2020-01-01 |            |                    | company    |
sto         | 2020-01-01 |            | co                 | department | STO
ecm         | 2020-01-01 |            | co                 | department | ECM
s1          | 2024-01-01 | 2024-06-01 | sto                | store      |
s1          | 2024-06-01 | 2024-12-01 | ecm                | store      |
t1          | 2024-01-01 |            | s1                 | team       |
self        | 2024-01-01 |            | self               | team       |
lost        | 2024-01-01 |            | nowhere            | team       |
ring1       | 2024-01-01 |            | ring2              | team       |
ring2       | 2024-01-01 |            | ring1              | team       |
"""


def test_paths(tmp_path):
    deliver(tmp_path, "org_units", TREE)
    tree = Tree(landed(tmp_path).used["org_units"])
    assert tree.path("t1", date(2024, 5, 31)) == ("t1", "s1", "sto", "co")
    assert tree.path("t1", date(2024, 6, 1)) == ("t1", "s1", "ecm", "co")
    assert tree.path("s1", date(2025, 6, 1)) == ("s1", "ecm", "co")  # closed: its last place
    assert tree.path("s1", date(2021, 6, 1)) == ("s1", "sto", "co")  # not yet open: its first place
    assert tree.path("co", date(2024, 6, 1)) == tree.path("unheard", date(2024, 6, 1)) == ("co",)
    assert tree.path("self", date(2024, 6, 1)) == ("self", "co")
    assert tree.path("lost", date(2024, 6, 1)) == ("lost", "co")
    assert tree.path("ring1", date(2024, 6, 1)) == ("ring1", "ring2", "co")


def test_without_org_units_there_is_one_root(tmp_path):
    tree = Tree(landed(tmp_path).used["org_units"])
    assert tree.root == "company"
    assert tree.path("s1", date(2024, 6, 1)) == ("company",)


def test_own_units(tmp_path):
    deliver(tmp_path, "org_units", TREE)
    deliver(
        tmp_path,
        "employees",
        """
        employee_id | valid_from | valid_to   | org_unit_id
        ann         | 2024-01-01 | 2024-06-01 | s1
        ann         | 2024-06-01 | 2024-07-01 | t1
        bob         | 2024-01-01 |            | closed down
        """,
    )
    landing = landed(tmp_path)
    events = [
        ("t1", "ann", "app", date(2024, 5, 1), "t1"),
        (None, "ann", "app", date(2024, 5, 31), "s1"),
        (None, "ann", "app", date(2024, 6, 1), "t1"),
        (None, "ann", "app", date(2024, 7, 1), "ecm"),  # she has left: the channel's unit
        ("nowhere", "ann", "app", date(2024, 5, 1), "s1"),  # an unknown unit names nobody
        (None, "bob", "app", date(2024, 5, 1), "co"),  # his unit is unknown, and still his
        (None, None, "fax", date(2024, 5, 1), "co"),
        (None, None, "shop", date(2024, 5, 1), "co"),  # its configured unit is unknown
        (None, None, None, date(2024, 5, 1), "co"),
    ]
    columns = ["org_unit_id", "employee_id", "channel", "day", "expected"]
    frame = pl.DataFrame(events, schema=columns, orient="row")
    company = Company(channel_units={"app": "ecm", "shop": "nowhere"})
    own = own_units(frame, Tree(landing.used["org_units"]), landing.used["employees"], company)
    assert own.to_list() == frame["expected"].to_list()


def test_home_units():
    def order(unit: str, year: int, month: int, day: int, who: str = "p") -> tuple:
        return (who, date(year, month, day), unit, datetime(year, month, day, 12, tzinfo=UTC))

    orders = pl.DataFrame(
        [
            *(order("a", 2023, 6, 1), order("a", 2023, 6, 1), order("a", 2023, 6, 1)),  # one order day
            *(order("b", 2023, 7, 1), order("b", 2023, 8, 1)),  # two
            *(order("c", 2023, 9, 1), order("c", 2024, 5, 31)),  # two, the latest of all
            *(order("y", 2024, 5, 1, who="q"), order("x", 2024, 5, 1, who="q")),  # same moment: the smaller id
            order("z", 2023, 6, 1, who="r"),
        ],
        schema=["customer_key", "day", "own_unit", "ordered_at"],
        orient="row",
    )
    asked = [
        ("p", date(2023, 6, 1), "root"),  # that day's orders come too late
        ("p", date(2023, 6, 2), "a"),
        ("p", date(2023, 8, 2), "b"),
        ("p", date(2024, 5, 31), "b"),  # b has two; a's one lies exactly 365 days back
        ("r", date(2024, 5, 31), "z"),  # 365 days back counts …
        ("r", date(2024, 6, 1), "root"),  # … 366 do not
        ("p", date(2024, 6, 1), "c"),  # b and c have two: c's latest is later
        ("p", date(2024, 7, 2), "c"),  # b has one left in the 365 days, c two
        ("q", date(2024, 6, 1), "x"),
        ("nobody", date(2024, 6, 1), "root"),
        (None, date(2024, 6, 1), "root"),
    ]
    frame = pl.DataFrame(asked, schema=["customer_key", "on", "expected"], orient="row")
    assert home_units(frame, orders, "root").to_list() == frame["expected"].to_list()
