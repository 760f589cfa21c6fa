"""A cannot-link decision and a replay give the warehouse in which the link never was: memberships, profiles, timeline, KPIs."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from orchestration import dbt
from orchestration.folders import DataFolder
from orchestration.identity import decisions, households, review, state
from orchestration.identity.model import load_model
from orchestration.identity.resolve import resolve
from orchestration.publishing.contract import published_tables
from orchestration.warehouse import connect
from tests.conftest import AS_OF, CompanyRun

DOWNSTREAM = [f"resource_type:model,fqn:loyalty.{room}" for room in ("facts", "kpis", "profiles", "published")]
# who was merged before, and under which id, is history: only an undone merge has one
HISTORY = {"identity_events", "customer_identity_history"}


@contextmanager
def company_of(data: Path) -> Generator[DataFolder]:
    before = os.environ.get("LOYALTY_DATA")
    os.environ["LOYALTY_DATA"] = str(data)
    try:
        yield DataFolder(data)
    finally:
        os.environ.pop("LOYALTY_DATA") if before is None else os.environ.__setitem__("LOYALTY_DATA", before)


def replay(folder: DataFolder, previous: Path | None, unlink: list[int] | None = None) -> None:
    """Identity and all that follows it, on the warehouse as it stands; `unlink`: two records that nothing may join."""
    with connect(folder.database) as warehouse:
        if unlink is not None:
            for table in ("main.identity_edges", "identity.scored_pairs"):
                warehouse.execute(
                    f"delete from {table} where left_record in (?, ?) and right_record in (?, ?)", unlink * 2
                )
        decisions.load(warehouse, folder)
        model = load_model(folder.models)
        resolve(warehouse, state.states_folder(folder), previous, AS_OF, "replay", model)
        households.write(warehouse)
        review.write(warehouse, model)
    results = dbt.build(DOWNSTREAM, target=folder.warehouse / "dbt")
    assert all(result.ok for result in results), [result.message for result in results if not result.ok]


def contents(folder: DataFolder) -> dict[str, list[tuple[str, ...]]]:
    """Every published table's rows, with each customer's key in place of the id, which comes from state."""
    tables: dict[str, list[tuple[str, ...]]] = {}
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        keys = dict(
            connection.execute("select distinct customer_id, customer_key from identity.memberships").fetchall()
        )
        for table in published_tables(dbt.manifest()):
            if table.name not in HISTORY:
                rows = connection.execute(f"select * from {table.relation}").fetchall()
                tables[table.name] = sorted(
                    tuple(str(keys.get(cell, cell) if isinstance(cell, str) else cell) for cell in row) for row in rows
                )
    return tables


@pytest.fixture
def two_copies(small_run: CompanyRun, tmp_path: Path) -> tuple[Path, Path]:
    copies = tmp_path / "undone", tmp_path / "never"
    for copy in copies:
        (copy / "warehouse").mkdir(parents=True)
        shutil.copy(small_run.data / "warehouse" / "loyalty.duckdb", copy / "warehouse")
    shutil.copytree(small_run.data / "state", copies[0] / "state")
    return copies


def test_an_undone_merge_leaves_nothing_behind(two_copies: tuple[Path, Path]) -> None:
    undone, never = two_copies
    with duckdb.connect(str(undone / "warehouse" / "loyalty.duckdb"), read_only=True) as connection:
        # a customer of two records, both with orders, whom a weak link holds together
        *records, customer = connection.execute("""
            select min([cast(record_no as varchar), source_system, source_customer_id]),
                max([cast(record_no as varchar), source_system, source_customer_id]), customer_id
            from identity.memberships inner join identity_records using (source_system, source_customer_id)
            semi join stg_orders using (source_system, source_customer_id)
            where is_weak and customer_id in (select customer_id from customers where records = 2 and household_id is null)
            group by customer_id having count(*) = 2
            order by customer_id limit 1
        """).fetchall()[0]
        before = {name: len(rows) for name, rows in contents(DataFolder(undone)).items()}
    with company_of(undone) as folder:
        named = [(system, number) for _, system, number in records]
        decisions.record(folder, "cannot_link", *named, "A. Lin", "two people", datetime.now(UTC))
        replay(folder, state.prepare(folder))
        found = contents(folder)
    with company_of(never) as folder:
        replay(folder, None, unlink=[int(record[0]) for record in records])
        expected = contents(folder)
    assert len(found["customers"]) == before["customers"] + 1
    assert found.keys() == expected.keys()
    for name in expected:
        if name != "review_queue":  # asks no more about what is decided
            assert found[name] == expected[name], name
    with duckdb.connect(str(undone / "warehouse" / "loyalty.duckdb"), read_only=True) as connection:
        logged = connection.execute(
            "select event, old_customer_id from identity.events where event in ('split', 'decision') order by event"
        ).fetchall()
        aliases = connection.execute("select count(distinct customer_id) from identity.memberships").fetchall()
    assert logged == [("decision", logged[0][1]), ("split", customer)]
    assert aliases == [(len(found["customers"]),)]


@st.composite
def forests(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]], int]:
    """Records 1 … n, weak links that make trees of them, and the place of one link among these."""
    records = draw(st.integers(2, 7))
    links = [(draw(st.integers(1, record - 1)), record) for record in range(2, records + 1) if draw(st.booleans())]
    assume(links)
    return records, links, draw(st.integers(0, len(links) - 1))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forests())
def test_a_cannot_link_parts_as_if_the_link_had_never_been(make_world, forest) -> None:
    records, links, place = forest
    names = [f"crm|{record}" for record in range(1, records + 1)]
    edges = [(f"crm|{left}", f"crm|{right}", "weak") for left, right in links]
    merged, never = make_world(), make_world()
    merged.run(names, edges)
    left, right = (name.split("|") for name in edges[place][:2])
    merged.connection.execute(
        "insert into identity.decisions values ('D0001', 'cannot_link', ?, ?, ?, ?, timestamp '2026-01-01', 'me', 'why', "
        "null, null, null)",
        [*left, *right],
    )
    merged.run(names, edges)
    never.run(names, [*edges[:place], *edges[place + 1 :]])
    assert partition(merged) == partition(never)
    merged.connection.execute("update identity.decisions set revoked_at = timestamp '2026-01-02'")
    merged.run(names, edges)
    never.run(names, edges)
    assert partition(merged) == partition(never)


def partition(world) -> set[frozenset[tuple[str, str]]]:
    """Which records are one customer, whatever the ids."""
    groups: dict[str, set[tuple[str, str]]] = {}
    for system, number, customer, *_ in world.memberships():
        groups.setdefault(customer, set()).add((system, number))
    return {frozenset(group) for group in groups.values()}
