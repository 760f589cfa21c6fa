"""Whoever asks whatever gets their own units' rows and nothing else; the expected rows are cut in Python, by hand."""

import threading
from datetime import date
from pathlib import Path

import pytest
from sample_company import MOVED, UNITS

from scorecard_app.access.roles import COMPANY, Grant, Role, Viewer
from scorecard_app.gate import Scoped
from scorecard_app.published import Published, resolve

ABOVE = {unit[0]: unit[1] for unit in UNITS}
DEPARTMENTS = [unit for unit, above in ABOVE.items() if above == "acme"]


@pytest.fixture(scope="module")
def whole(sample_root: Path) -> Published:
    return Published(resolve(sample_root), everything=True)


def viewer(*grants: Grant) -> Viewer:
    return Viewer("somebody@example.com", grants)


def of(role: Role, unit: str = COMPANY, since: date = date.min, until: date = date.max) -> Viewer:
    return viewer(Grant(role, unit, since, until))


def below(unit: str) -> set[str]:
    """The unit and what lies below it as the tree stands."""
    return {other for other in ABOVE if unit in (other, ABOVE[other], ABOVE.get(ABOVE[other] or ""))}


def ends(row: dict) -> date:
    start, months = row["period_start"], {"month": 1, "quarter": 3, "year": 12}[row["period_kind"]]
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, 1)


def was_below(unit: str, row: dict) -> bool:
    """Whether the row's unit lay below `unit` on some day of its period: only sto-2 ever moved."""
    if row["org_unit_id"] != "sto-2":
        return row["org_unit_id"] in below(unit)
    return (
        unit in ("sto-2", "acme")
        or (unit == "ecm" and row["period_start"] < MOVED)
        or (unit == "sto" and ends(row) > MOVED)
    )


@pytest.mark.parametrize("unit", [*DEPARTMENTS, "sto-1", "sto-2"])
@pytest.mark.parametrize("table", ["kpi_values", "scorecards", "department_scores"])
def test_a_head_sees_the_units_of_the_time_and_no_other(whole: Published, unit: str, table: str) -> None:
    seen = Scoped(whole, of(Role.HEAD, unit)).rows(f"from {table}")
    cards = [row for row in whole.rows("from scorecards") if was_below(unit, row)]
    measured = {(row["kpi_id"], row["measured_org_unit_id"], row["org_unit_id"]) for row in cards}

    def is_measure(row: dict) -> bool:
        """A KPI of a visible card, measured at this row's other unit, while the card's unit was the viewer's."""
        if table != "kpi_values" or row["slice_dimension"] != "all":
            return False
        owners = {
            owner for kpi, at, owner in measured if (kpi, at) == (row["kpi_id"], row["org_unit_id"]) and owner != at
        }
        return any(was_below(unit, row | {"org_unit_id": owner}) for owner in owners)

    expected = [row for row in whole.rows(f"from {table}") if was_below(unit, row) or is_measure(row)]
    assert canonical(seen) == canonical(expected)
    assert expected or table != "kpi_values" or unit == "hr"


def canonical(rows: list[dict]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def test_the_choice_offers_only_the_viewers_own_units(whole: Published) -> None:
    assert list(Scoped(whole, of(Role.HEAD, "sto")).units()) == ["sto", "sto-1", "sto-2"]
    assert list(Scoped(whole, of(Role.HEAD, "ecm")).units()) == ["ecm", "sto-2"]  # led until it moved
    assert list(Scoped(whole, of(Role.VIEWER, "mkt")).units()) == ["mkt"]  # measured company-wide, not the company's
    assert len(Scoped(whole, of(Role.EXECUTIVE)).units()) == len(UNITS)


def test_whoever_led_a_unit_keeps_what_was_theirs(whole: Published) -> None:
    left = Scoped(whole, of(Role.HEAD, "cs", until=date(2025, 1, 31)))
    joined = Scoped(whole, of(Role.HEAD, "cs", since=date(2025, 2, 1)))
    starts = [
        {
            row["period_start"]
            for row in scoped.rows("from kpi_values where org_unit_id = 'cs' and period_kind = 'month'")
        }
        for scoped in (left, joined)
    ]
    assert max(starts[0]) == date(2025, 1, 1) and min(starts[1]) == date(2025, 2, 1)
    quarters = left.periods("quarter")
    assert max(quarters) == date(2025, 1, 1) and date(2024, 7, 1) in quarters


@pytest.mark.parametrize("role", [Role.CARE, Role.ADMIN])
def test_roles_without_numbers_see_none(whole: Published, role: Role) -> None:
    nobody = Scoped(whole, of(role))
    for table in (
        "kpi_values",
        "kpi_details",
        "scorecards",
        "department_scores",
        "org_units",
        "business_actions",
        "org_unit_paths",
    ):
        assert nobody.rows(f"from {table}") == []
    assert nobody.rows("from labels")


def test_an_unknown_unit_opens_nothing(whole: Published) -> None:
    for unit in ("no-such-unit", "", "sto' or '1'='1"):
        assert Scoped(whole, of(Role.EXECUTIVE, unit)).rows("from kpi_values") == []
    assert Scoped(whole, viewer()).rows("from scorecards") == []


def test_every_published_table_is_cut_for_a_department(whole: Published) -> None:
    """Also tables that don't exist yet: without a unit they are the company's, with one they are cut by it."""
    with whole.cursor() as cursor:
        cursor.execute("create or replace table memory.main.later as select 1 as gain")
        cursor.execute(
            "create or replace table memory.main.later_by_unit as select org_unit_id, 1 as gain from org_units"
        )
    try:
        head, boss = Scoped(whole, of(Role.HEAD, "sto")), Scoped(whole, of(Role.EXECUTIVE))
        assert head.rows("from later") == [] and len(boss.rows("from later")) == 1
        units = {row["org_unit_id"] for row in head.rows("from later_by_unit")}
        assert units == {"sto", "sto-1", "sto-2"} and len(boss.rows("from later_by_unit")) == len(UNITS)
    finally:
        with whole.cursor() as cursor:
            cursor.execute("drop table memory.main.later; drop table memory.main.later_by_unit")


def test_what_was_done_is_everybodys_what_it_cost_its_owners(whole: Published) -> None:
    with whole.cursor() as cursor:
        kept = cursor.execute("from business_actions").fetchall()
        columns = "action_id, owner_org_unit_id, cost_amount"
        cursor.execute(
            f"insert into business_actions ({columns}) values ('A', 'sto', 10), ('B', 'mkt', 20), ('C', null, 30)"
        )
        cursor.execute("insert into field_notes (note_id) values ('N')")
    try:
        asked = "select action_id, cost_amount::integer as cost from business_actions where length(action_id) = 1"
        costs = {
            role: {row["action_id"]: row["cost"] for row in Scoped(whole, asker).rows(asked)}
            for role, asker in (("head", of(Role.HEAD, "sto")), ("boss", of(Role.EXECUTIVE)), ("care", of(Role.CARE)))
        }
        assert costs == {"head": {"A": 10, "B": None, "C": None}, "boss": {"A": 10, "B": 20, "C": 30}, "care": {}}
        notes = "from field_notes where note_id = 'N'"
        assert Scoped(whole, of(Role.HEAD, "sto")).rows(notes) and not Scoped(whole, of(Role.ADMIN)).rows(notes)
    finally:
        with whole.cursor() as cursor:
            cursor.execute(
                "delete from business_actions where length(action_id) = 1; delete from field_notes where note_id = 'N'"
            )
    assert len(kept) == len(whole.rows("from business_actions"))


@pytest.mark.parametrize("attack", [
    "select 1; drop view kpi_values", "drop view kpi_values", "create or replace temp view kpi_values as from memory.main.kpi_values",
    "insert into kpi_values select * from memory.main.kpi_values", "attach ':memory:' as other", "set search_path = 'main'",
    "copy kpi_values to '/tmp/out.csv'", "delete from temp.main.seen_units", "update temp.main.granted set ancestor_org_unit_id = 'acme'",
])  # fmt: skip
def test_a_page_can_ask_and_nothing_else(whole: Published, attack: str) -> None:
    head = Scoped(whole, of(Role.HEAD, "sto"))
    before = canonical(head.rows("from kpi_values"))
    with pytest.raises(ValueError, match="single select"):
        head.rows(attack)
    assert canonical(Scoped(whole, of(Role.HEAD, "sto")).rows("from kpi_values")) == before


def test_answers_are_kept_per_scope_and_can_not_be_spoilt(whole: Published) -> None:
    head = Scoped(whole, of(Role.HEAD, "sto"))
    head.rows("from org_units")[0]["name_en"] = "spoilt"
    assert "spoilt" not in {row["name_en"] for row in head.rows("from org_units")}
    assert head.key != Scoped(whole, of(Role.HEAD, "ecm")).key


def test_equal_scopes_share_and_unequal_ones_never_do() -> None:
    one, other = Grant(Role.HEAD, "sto"), Grant(Role.VIEWER, "cs")
    assert viewer(one, other).scope_key == viewer(other, one, Grant(Role.ADMIN, COMPANY)).scope_key
    scopes = [
        (), (one,), (other,), (Grant(Role.HEAD, "sto", since=date(2025, 1, 1)),), (Grant(Role.HEAD, "sto", until=date(2025, 1, 1)),),
    ]  # fmt: skip
    assert len({viewer(*grants).scope_key for grants in scopes}) == len(scopes)


def test_two_viewers_interleaved_a_thousand_times(sample_root: Path) -> None:
    """Through the app's own caches: each sees the rows of their units every time, whoever asked just before."""
    from scorecard_app.app import open_current

    viewers = {unit: of(Role.HEAD, unit) for unit in ("sto", "ecm")}
    expected = {
        unit: canonical(open_current(sample_root, viewers[unit]).rows("from department_scores")) for unit in viewers
    }
    foreign: list[str] = []
    turn = threading.Barrier(2)

    def ask(unit: str) -> None:
        for _ in range(1_000):
            turn.wait(timeout=60)
            data = open_current(sample_root, viewers[unit])
            if canonical(data.rows("from department_scores")) != expected[unit]:
                foreign.append(unit)

    threads = [threading.Thread(target=ask, args=(unit,)) for unit in viewers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert foreign == [] and expected["sto"] != expected["ecm"]
