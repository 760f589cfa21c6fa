"""The whole step on small worlds: memberships, and customer ids that stay."""

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.errors import LoyaltyError
from orchestration.identity.resolve import resolve

A, B, C, D, E = (f"crm|{number}" for number in range(1, 6))


def first_id(record):
    return "C" + hashlib.sha256(record.encode()).hexdigest()[:12]


def test_memberships_name_customer_key_and_weakness(world):
    world.run([A, B, C, D, "pos|9"], [(A, "pos|9"), (B, C, "weak"), (C, B, "weak")])
    assert world.memberships() == [
        ("crm", "1", first_id(A), A, False),
        ("crm", "2", first_id(B), B, True),
        ("crm", "3", first_id(B), B, True),
        ("crm", "4", first_id(D), D, False),
        ("pos", "9", first_id(A), A, False),
    ]
    report = world.report
    assert (report.records, report.customers, report.largest_cluster, report.weak_customers) == (5, 3, 2, 1)
    assert (report.created, report.absorbed, report.split) == (3, 0, 0)


def test_nobody(world):
    assert world.run([]) == {}
    assert (world.report.records, world.report.customers, world.report.largest_cluster) == (0, 0, 0)
    assert world.run([A]) == {A: first_id(A)}


def test_running_again_changes_nothing_and_writes_no_state(world):
    first = world.run([A, B, C], [(A, B)])
    state = world.state
    assert world.run([A, B, C], [(A, B)]) == first
    assert world.state == state
    assert [path.name for path in world.folder.iterdir()] == [state.name]
    assert world.connection.execute("select name from identity.state").fetchall() == [(state.name,)]
    assert (world.report.created, world.report.absorbed, world.report.split) == (0, 0, 0)


def test_a_new_smallest_record_changes_the_key_but_not_the_id(world):
    before = world.run([B, C], [(B, C)])
    after = world.run([A, B, C], [(A, B), (B, C)])
    assert after == {A: before[B], B: before[B], C: before[B]}
    assert {key for *_, key, _ in world.memberships()} == {A}


def test_merge_keeps_the_larger_shares_id_and_the_loser_becomes_its_alias(world):
    before = world.run([A, B, C], [(B, C)])
    after = world.run([A, B, C], [(A, B), (B, C)])
    assert set(after.values()) == {before[B]}
    assert world.aliases() == {before[A]: before[B], before[B]: None}
    assert (world.report.created, world.report.absorbed, world.report.split) == (0, 1, 0)


def test_merge_of_equals_keeps_the_oldest_id(world):
    old = world.run([C])[C]
    world.run([B, C])
    world.run([A, B, C])
    assert set(world.run([A, B, C], [(A, B), (B, C)]).values()) == {old}


def test_merge_of_equals_of_one_age_keeps_the_smallest_id(world):
    before = world.run([A, B, C])
    assert set(world.run([A, B, C], [(A, B), (B, C)]).values()) == {min(before.values())}


def test_split_leaves_the_id_with_the_larger_part_and_names_the_other_anew(world):
    before = world.run([A, B, C], [(A, B), (B, C)])
    after = world.run([A, B, C], [(B, C)])
    assert after[B] == after[C] == before[A] == first_id(A)
    # A's own first name is in use by the others now: the new one is the same digest, one digit longer.
    assert after[A] == "C" + hashlib.sha256(A.encode()).hexdigest()[:13]
    assert (world.report.created, world.report.absorbed, world.report.split) == (1, 0, 1)


def test_an_alias_is_never_given_to_somebody_else(world):
    before = world.run([A, B, C], [(A, B)])
    world.run([A, B, C], [(A, B), (B, C)])
    after = world.run([A, B, C], [(A, B)])
    assert after[A] == before[A]
    assert after[C].startswith(before[C])
    assert after[C] != before[C]


def test_aliases_of_aliases_point_at_the_living(world):
    before = world.run([A, B, C, D, E], [(B, C), (D, E)])
    world.run([A, B, C, D, E], [(A, B), (B, C), (D, E)])
    world.run([A, B, C, D, E, "pos|1"], [(A, B), (B, C), (D, E), (E, "pos|1")])
    after = world.run([A, B, C, D, E, "pos|1"], [(A, B), (B, C), (C, D), (D, E), (E, "pos|1")])
    survivor = after[A]
    assert world.aliases() == {i: None if i == survivor else survivor for i in before.values()}


def test_a_record_that_was_withdrawn_comes_back_to_its_customer(world):
    before = world.run([A, B, C], [(A, B)])
    world.run([C])
    assert world.run([A, B, C], [(A, B)]) == before


def test_a_record_that_comes_back_after_its_customer_was_absorbed_follows(world):
    world.run([A, B, C, D], [(A, B), (C, D)])
    world.run([B, C, D, E], [(C, D), (D, E)])
    merged = world.run([B, C, D, E], [(B, C), (C, D), (D, E)])
    assert world.run([A, B, C, D, E], [(A, B), (B, C), (C, D), (D, E)])[A] == merged[C]


def test_two_records_with_one_key_text_stay_two_customers(world):
    world.connection.execute(
        "create table identity_records (record_no bigint, source_system varchar, source_customer_id varchar)"
    )
    world.connection.execute("insert into identity_records values (0, 'a', 'b|c'), (1, 'a|b', 'c')")
    world.connection.execute(
        "create table identity_edges (left_record bigint, right_record bigint, strength varchar, rule varchar)"
    )
    resolve(world.connection, world.folder, None)
    assert len({customer for _, _, customer, *_ in world.memberships()}) == 2


def test_records_numbered_otherwise_are_refused(world):
    world.run([A, B])
    world.connection.execute("update identity_records set record_no = 1 - record_no")
    with pytest.raises(LoyaltyError, match=r"identity_records.*in the order of source_system"):
        resolve(world.connection, world.folder, None)


records = st.sets(st.sampled_from([f"{system}|{n:02}" for system in ("crm", "pos") for n in range(8)]), min_size=1)


@st.composite
def histories(draw):
    """Three runs over changing records and edges."""
    runs = []
    for _ in range(3):
        present = sorted(draw(records))
        edge = st.tuples(st.sampled_from(present), st.sampled_from(present), st.sampled_from(["strong", "weak"]))
        runs.append((present, draw(st.lists(edge, max_size=12))))
    return runs


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories(), st.integers(0, 99))
def test_same_at_any_thread_count_and_row_order(make_world, history, seed):
    plain, shuffled = make_world(threads=1), make_world(threads=4)
    for present, edges in history:
        assert plain.run(present, edges) == shuffled.run(present, edges, shuffle=seed)
        assert plain.memberships() == shuffled.memberships()
        assert plain.aliases() == shuffled.aliases()
        # Nobody shares an id, and whoever bears one is alive in the state.
        customers = {(customer, key) for _, _, customer, key, _ in plain.memberships()}
        assert len({customer for customer, _ in customers}) == len(customers)
        assert all(plain.aliases()[customer] is None for customer, _ in customers)
