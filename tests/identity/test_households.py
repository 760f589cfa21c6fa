"""Households: who shares a phone or an address is kept beside the customers, and never joins them."""

import duckdb
import pytest

from orchestration.identity import households

A, B, C, D, E = range(5)


@pytest.fixture
def town():
    """A warehouse in memory with five persons of one record each, and nothing shared."""
    with duckdb.connect() as connection:
        connection.execute("create schema identity")
        connection.execute("""
            create table identity_records as
            select i as record_no, 'crm' as source_system, cast(i as varchar) as source_customer_id,
                cast(null as varchar) as address, cast(null as varchar) as house_number, cast(null as varchar) as city
            from range(5) as r(i)
        """)
        connection.execute("""
            create table identity.memberships as
            select source_system, source_customer_id, 'C' || (9 - record_no) as customer_id,
                'crm|' || record_no as customer_key, false as is_weak
            from identity_records
        """)
        connection.execute(
            "create table identity_keys (record_no bigint, identifier_type varchar, identifier_value varchar, "
            "valid_from timestamp, valid_to timestamp)"
        )
        connection.execute(
            "create table identity_guards (identifier_type varchar, identifier_value varchar, reason varchar)"
        )
        yield connection


def phone(town, person, number, since=None, until=None):
    town.execute("insert into identity_keys values (?, 'phone', ?, ?, ?)", [person, number, since, until])


def live(town, person, address, city="x", house="1"):
    town.execute(
        "update identity_records set address = ?, city = ?, house_number = ? where record_no = ?",
        [address, city, house, person],
    )


def found(town):
    """{reason per person by household}: the persons of each household, and the reasons in their order."""
    before = town.execute("select * from identity.memberships").fetchall()
    count = households.write(town)
    assert town.execute("select * from identity.memberships").fetchall() == before
    rows = town.execute("""
        select household_id, list(9 - cast(customer_id[2:] as integer) order by customer_id desc), list(reason order by customer_id desc)
        from identity.households group by 1 order by 2
    """).fetchall()
    assert len(rows) == count
    return {tuple(persons): reasons for _, persons, reasons in rows}


def test_nobody_shares_anything(town):
    phone(town, A, "+1")
    phone(town, B, "+2")
    assert found(town) == {}


def test_shares_carry_over(town):
    phone(town, A, "+1")
    phone(town, B, "+1")
    live(town, B, "1 main street")
    live(town, C, "1 main street")
    phone(town, D, "+4")
    assert found(town) == {(A, B, C): ["phone", "address+phone", "address"]}


def test_the_id_is_that_of_the_smallest_key(town):
    phone(town, B, "+1")
    phone(town, C, "+1")
    found(town)
    first = town.execute("select distinct household_id from identity.households").fetchall()
    phone(town, D, "+1")
    found(town)
    assert town.execute("select distinct household_id from identity.households").fetchall() == first


def test_a_guarded_phone_and_a_recycled_one_make_no_household(town):
    for person in (A, B):
        phone(town, person, "+1")
    town.execute("insert into identity_guards values ('phone', '+1', 'junk')")
    phone(town, C, "+2", None, "2025-01-01")
    phone(town, D, "+2", "2025-01-01", None)
    assert found(town) == {}
    phone(town, E, "+2", "2024-12-31", None)
    assert found(town) == {(C, D, E): ["phone"] * 3}


def test_an_address_needs_a_house_number_and_one_city(town):
    live(town, A, "main street", house=None)
    live(town, B, "main street", house=None)
    live(town, C, "1 main street", city="x")
    live(town, D, "1 main street", city="y")
    assert found(town) == {}


def test_an_address_of_many_is_no_household(town, monkeypatch):
    monkeypatch.setattr(households, "MOST_AT_AN_ADDRESS", 3)
    for person in (A, B, C, D):
        live(town, person, "1 main street")
    assert found(town) == {}
    live(town, D, "2 main street")
    assert found(town) == {(A, B, C): ["address"] * 3}
