"""Every change of a customer is an event with time, run, old and new id, and every record knows whose it was when."""

import shutil
from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.identity import state

A, B, C, D = (f"crm|{number}" for number in range(1, 5))
FIRST, SECOND, THIRD = (datetime(2026, 1, day) for day in (1, 2, 3))


def events(world):
    return world.connection.execute(
        "select day(occurred_at), event, old_customer_id, new_customer_id, decision_id from identity.events"
    ).fetchall()


def history(world, record):
    return world.connection.execute(
        """
        select customer_id, day(valid_from), day(valid_to), from_run, to_run, is_current from identity.history
        where source_system || '|' || source_customer_id = ? order by valid_from
        """,
        [record],
    ).fetchall()


def test_create_absorb_and_split_are_events_and_the_history_follows(world):
    before = world.run([A, B, C], [(B, C)], as_of=FIRST)
    world.run([A, B, C], [(A, B), (B, C)], as_of=SECOND)
    after = world.run([A, B, C], [(B, C)], as_of=THIRD)
    assert set(events(world)[:2]) == {(1, "create", None, before[A], None), (1, "create", None, before[B], None)}
    assert events(world)[2:] == [
        (2, "absorb", before[A], before[B], None),
        (3, "create", None, after[A], None),
        (3, "split", before[B], after[A], None),
    ]
    assert history(world, A) == [
        (before[A], 1, 2, "run at 01", "run at 02", False),
        (before[B], 2, 3, "run at 02", "run at 03", False),
        (after[A], 3, None, "run at 03", None, True),
    ]
    assert history(world, C) == [(before[B], 1, None, "run at 01", None, True)]


def test_a_decision_is_an_event_of_the_run_that_first_knows_it_and_so_is_its_revocation(world):
    before = world.run([A, B], as_of=FIRST)
    first = world.state
    row = "'D0001', 'cannot_link', 'crm', '1', 'crm', '2', timestamp '2026-01-01', 'me', 'why', null, null, null"
    world.connection.execute(f"insert into identity.decisions values ({row})")
    world.run([A, B], as_of=SECOND)
    assert world.state != first
    world.connection.execute("update identity.decisions set revoked_at = timestamp '2026-01-03'")
    world.run([A, B], as_of=THIRD)
    second = world.state
    world.run([A, B], as_of=THIRD + timedelta(days=1))
    assert world.state == second
    assert events(world)[2:] == [
        (2, "decision", before[A], before[B], "D0001"),
        (3, "revocation", before[A], before[B], "D0001"),
    ]


def test_what_a_withdrawn_record_was_is_kept(world):
    before = world.run([A, B], as_of=FIRST)
    world.run([A], as_of=SECOND)
    assert history(world, B) == [(before[B], 1, None, "run at 01", None, True)]


def test_a_state_from_before_the_history_is_read(world):
    """The first states held two files and no `since`; what they say holds since they were written."""
    before = world.run([A, B], as_of=FIRST)
    old = world.folder / "000001-old"
    shutil.copytree(world.state, old)
    for name in (state.PAST, state.EVENTS, state.RUNS):
        (old / name).unlink()
    with duckdb.connect() as connection:
        path = str(old / state.MEMBERSHIPS)
        connection.execute(f"create table kept as select * exclude (since) from read_parquet('{path}')")
        connection.execute(f"copy kept to '{path}' (format parquet)")
    world.state = old
    kept, absorbed = sorted(before.values())
    assert world.run([A, B], [(A, B)], as_of=SECOND) == {A: kept, B: kept}
    assert [event[1:4] for event in events(world) if event[1] == "absorb"] == [("absorb", absorbed, kept)]


records = st.sets(st.sampled_from([A, B, C, D]), min_size=1)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(records, st.lists(st.tuples(st.sampled_from([A, B, C, D]), st.sampled_from([A, B, C, D])), max_size=3)),
                min_size=2, max_size=4))  # fmt: skip
def test_history_says_of_every_run_what_that_run_said(make_world, runs):
    world = make_world()
    said = []
    for day, (present, edges) in enumerate(runs, start=1):
        edges = [edge for edge in edges if set(edge) <= present]
        said.append((datetime(2026, 1, day), world.run(present, edges, as_of=datetime(2026, 1, day))))
    for moment, memberships in said:
        known = world.connection.execute(
            """
            select source_system || '|' || source_customer_id, customer_id from identity.history
            where valid_from <= ? and (valid_to is null or valid_to > ?)
            """,
            [moment, moment],
        ).fetchall()
        assert len(dict(known)) == len(known)
        assert memberships.items() <= dict(known).items()


@pytest.mark.parametrize("missing", [state.PAST, state.EVENTS, state.RUNS])
def test_a_history_cut_out_of_a_state_is_found(world, missing):
    world.run([A, B], as_of=FIRST)
    (world.state / missing).unlink()
    with pytest.raises(state.IdentityStateError, match="altered"):
        state._verified(world.state)
