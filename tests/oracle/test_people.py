"""The parts of names, the birth dates and the telephones in the warehouse are those that the oracle reads by its own means."""

import shutil

import duckdb
import pytest

from dbt_project.functions.names import parse

from .company import load_company
from .identity import normalise
from .people import births, divided, name_of


@pytest.fixture(scope="module")
def warehouse(demo_run, tmp_path_factory):
    copy = shutil.copy(demo_run.data / "warehouse" / "loyalty.duckdb", tmp_path_factory.mktemp("people"))
    with duckdb.connect(str(copy), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def company(demo_run):
    return load_company(demo_run.data / "company.yml")


WRITTEN = "from main.stg_customers as c inner join main.identity_records as r using (source_system, source_customer_id)"


def test_names(warehouse):
    rows = warehouse.execute(
        f"select c.full_name, c.given_name, c.family_name, r.name_key, r.name_tokens {WRITTEN}"
    ).fetchall()
    differing = []
    for *columns, key, tokens in rows:
        name = name_of(*columns)
        if (name and ("".join(name.parts), sorted(set(name.parts)))) != (key and (key, tokens)):
            differing.append((*columns, key))
    assert not differing
    assert sum(key is not None for *_, key, _ in rows) > len(rows) / 2


def test_names_in_two_columns_stay_divided(warehouse):
    rows = warehouse.execute(
        f"""
        select c.given_name, c.family_name, r.given_name, r.family_name {WRITTEN}
        where c.full_name is null and coalesce(c.given_name, c.family_name) is not null and r.name_key is not null
        """
    ).fetchall()
    assert [row for row in rows if divided(*row[:2]) != row[2:]] == []
    assert sum(None not in row for row in rows) > 100


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        (("Ella", "James-Palmer"), ("ella", "james palmer")),
        ((None, "Smith"), (None, "smith")),
        (("Mary Ann", None), ("mary ann", None)),
        (("小明", None), ("xiaoming", None)),
        (("Wang", "Xiaoming"), ("xiaoming", "wang")),
    ],
)
def test_columns_as_the_oracle_and_the_product_read_them(delivered, expected):
    assert divided(*delivered) == expected == (parse(None, *delivered) or ())[:2]


def test_birth_dates(warehouse, demo_run, company):
    rows = warehouse.execute(
        f"select c.source_system, c.birth_date, r.birth_date, r.birth_date_alternative {WRITTEN} where c.birth_date is not null"
    ).fetchall()
    expected = births([row[:2] for row in rows], company.day(demo_run.as_of), company.date_order, company.phone_region)
    assert [frozenset(day for day in days if day) for *_, days in ((*row[:2], row[2:]) for row in rows)] == list(
        expected
    )
    assert any(row[2] is None for row in rows) and any(row[2] is not None for row in rows)


def test_telephones_and_addresses_of_the_mail(warehouse, company):
    for kind in ("phone", "email"):
        written = warehouse.execute(f"select r.record_no, c.{kind} {WRITTEN} where c.{kind} is not null").fetchall()
        keys = set(
            warehouse.execute(
                "select record_no, identifier_value from main.identity_keys where identifier_type = ?", [kind]
            ).fetchall()
        )
        expected = {
            (record, value) for record, text in written for value in normalise(kind, text, company.phone_region)
        }
        assert expected <= keys
        assert len({value for _, value in expected}) > 10
