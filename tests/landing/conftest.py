"""A company in a temporary folder, the contract read from the YAML files themselves, and short ways to deliver and load."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.folders import DBT_PROJECT, DataFolder
from orchestration.landing import Contract, LoadReport, load_contract, load_deliveries
from orchestration.settings import Settings

AS_OF = datetime(2026, 7, 1, tzinfo=UTC)
ORDERS = "source_system,order_id,ordered_at,net_amount,coupon_code\n"


def manifest_of_yaml() -> dict[str, Any]:
    """What dbt's manifest would hold of the contract, without running dbt."""
    sources = {}
    for file in sorted((DBT_PROJECT / "models" / "landing").glob("[a-z]*.yml")):
        for source in yaml.safe_load(file.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                columns = {column["name"]: column for column in table["columns"]}
                sources[f"source.loyalty.{source['name']}.{table['name']}"] = {
                    **table,
                    "source_name": source["name"],
                    "columns": columns,
                }
    return {"sources": sources}


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    file = tmp_path_factory.mktemp("contract") / "manifest.json"
    file.write_text(json.dumps(manifest_of_yaml()), encoding="utf-8")
    return load_contract(file)


@pytest.fixture(scope="session")
def orders_only(contract: Contract) -> Contract:
    """A contract of one dataset: a run on it costs a fraction."""
    return Contract({"orders": contract.datasets["orders"]})


@dataclass
class Company:
    """A data folder with a warehouse, and what a test does with it."""

    folder: DataFolder
    connection: duckdb.DuckDBPyConnection
    contract: Contract

    def deliver(self, path: str, content: bytes | str) -> Path:
        """Put a file into landing/."""
        file = self.folder.landing / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def load(self, as_of: datetime = AS_OF, **settings: Any) -> LoadReport:
        return load_deliveries(self.connection, self.folder, Settings(**settings), self.contract, as_of)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def standing(self, dataset: str) -> list[tuple[Any, ...]]:
        """The rows that stand, in a fixed order, without where they came from."""
        names = ", ".join(f'"{name}"' for name in self.contract.datasets[dataset].names)
        return self.rows(
            f"select {names} from raw.{dataset} as r where not exists (select 1 from raw.set_aside as s "
            f"where s.dataset = '{dataset}' and s._delivery = r._delivery and s._line = r._line) order by all"
        )

    def counts(self) -> list[tuple[Any, ...]]:
        """The counts per delivery."""
        return self.rows(
            "select dataset, delivery, path, status, received, loaded, superseded, duplicate, quarantined, conflicts, reason "
            "from raw.deliveries order by all"
        )

    def reasons(self) -> list[tuple[Any, ...]]:
        """(line, column, reason) of everything refused."""
        return self.rows("select line, column_name, reason from raw.quarantine order by all")


@pytest.fixture
def new_company(tmp_path: Path, contract: Contract) -> Iterator[Callable[..., Company]]:
    """Makes companies; `only` limits the contract to some datasets."""
    opened = []

    def make(*only: str) -> Company:
        folder = DataFolder(tmp_path / f"company{len(opened)}").create()
        connection = duckdb.connect(str(folder.database))
        connection.execute("set TimeZone = 'UTC'")
        opened.append(connection)
        chosen = Contract({name: contract.datasets[name] for name in only}) if only else contract
        return Company(folder, connection, chosen)

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture
def company(new_company: Callable[..., Company]) -> Company:
    return new_company()


@pytest.fixture
def shop(new_company: Callable[..., Company]) -> Company:
    """A company that delivers orders only."""
    return new_company("orders")
