"""A warehouse in memory with just the two tables that identity reads, and a folder for its states."""

import random

import duckdb
import pytest

from orchestration.identity.resolve import resolve
from tests.identity.company import CompiledIdentity


class World:
    """Records by name ('crm|1'), joined as a test says; every `run` goes on from the state of the one before."""

    def __init__(self, folder, threads=2):
        self.folder = folder
        self.state = None
        self.connection = duckdb.connect(config={"threads": threads})

    def run(self, records, edges=(), shuffle=None, as_of=None):
        """`edges`: (record, record) or (record, record, 'weak'). Returns {record: customer_id}, keeps the report."""
        records = sorted(records)
        numbers = {record: number for number, record in enumerate(records)}
        rows = [(number, *record.split("|")) for record, number in numbers.items()]
        links = [(numbers[a], numbers[b], *(strength or ["strong"]), "rule") for a, b, *strength in edges]
        if shuffle is not None:
            links = [(right, left, *rest) for left, right, *rest in links]
            random.Random(shuffle).shuffle(rows)
            random.Random(shuffle).shuffle(links)
        self._fill("identity_records", "record_no bigint, source_system varchar, source_customer_id varchar", rows)
        self._fill("identity_edges", "left_record bigint, right_record bigint, strength varchar, rule varchar", links)
        self.report = resolve(self.connection, self.folder, self.state, as_of, f"run at {as_of:%d}" if as_of else "")
        self.state = self.report.state
        return {f"{system}|{number}": customer for system, number, customer, *_ in self.memberships()}

    def memberships(self):
        return self.connection.execute("select * from identity.memberships order by all").fetchall()

    def aliases(self):
        """{customer_id: the id it became an alias of, or None} of the state."""
        assert self.state is not None
        customers = str(self.state / "customers.parquet")
        return dict(
            self.connection.execute("select customer_id, alias_of from read_parquet(?)", [customers]).fetchall()
        )

    def _fill(self, table, columns, rows):
        self.connection.execute(f"create or replace table main.{table} ({columns})")
        if rows:
            self.connection.executemany(f"insert into main.{table} values ({', '.join('?' * len(rows[0]))})", rows)


@pytest.fixture
def make_world(tmp_path_factory):
    """A new world, with a folder of its own, per call."""
    return lambda **kwargs: World(tmp_path_factory.mktemp("identity"), **kwargs)


@pytest.fixture
def world(make_world):
    return make_world()


@pytest.fixture(scope="session")
def compiled_identity(demo_run, tmp_path_factory):
    """The identity models' SQL as the demo company's run compiled it."""
    return CompiledIdentity(demo_run.data, tmp_path_factory.mktemp("compiled"))


@pytest.fixture(scope="session")
def make_company(compiled_identity, tmp_path_factory):
    """A new company without records per call."""
    return lambda **config: compiled_identity.company(tmp_path_factory.mktemp("company"), **config)
